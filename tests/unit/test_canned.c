#include "canned.h"
#include "test.h"

static struct mv_text *text;

static int match(const char *message)
{
    struct mv_tokens tokens = {0};
    int found;

    mv_text_tokens(text, mv_span_of(message), &tokens, NULL);
    found = mv_canned_match(&tokens);
    mv_tokens_release(&tokens);
    return found;
}

int main(void)
{
    static const char *const CANNED[] = {
        "I'd like to add you to my professional network on LinkedIn.",
        "I’d like to add you to my professional network on LinkedIn.",
        "Hi Marta,\nI'd like to add you to my professional network on "
        "LinkedIn.\n- Bob Tarrant",
        "I'd like to add you to my LinkedIn network",
        "Since you are a person I trust, I wanted to invite you to join my "
        "network on LinkedIn.",
        "I'd like to connect with you on LinkedIn.",
        "Hi Paul,\nI'd like to join your LinkedIn network.",
        "I'd like to join your professional network.",
        "Otto Brandt would like to connect on LinkedIn. How would you like to "
        "respond?",
        "Rhea Moss has indicated you are a fellow group member of Wine Growers "
        "of the North:\n\nI'd like to add you to my professional network on "
        "LinkedIn.\n\n- Rhea",
        "Me gustaría añadirte a mi red profesional en LinkedIn.",
        "ME GUSTARIA ANADIRTE A MI RED PROFESIONAL EN LINKEDIN",
        "Hola Inés, me gustaría añadirte a mi red profesional en LinkedIn. Un "
        "saludo",
        "Leandro, añádeme a tu red de LinkedIn",
        "Saya ingin menambahkan Anda ke jaringan profesional saya di LinkedIn.",
        "Voglio collegarmi",
        "Gostaria de adicioná-lo à minha rede profissional no LinkedIn.",
    };
    static const char *const OWN[] = {
        "",
        "Hola",
        "I'd like to add you to my professional network on LinkedIn. Could you "
        "tell me which kiln you used for the tiles?",
        "Hi Ann, I'd like to connect with you on LinkedIn to ask for the "
        "minutes of Monday's meeting",
        "Me gustaría añadirte a mi red profesional en LinkedIn, porque busco "
        "un perito para la subasta de marzo",
        "I'd like to add you to my professional network on LinkedIn. See "
        "https://x.example",
        "We met on the ferry and you asked for the recipe: I'd like to join "
        "your LinkedIn network.",
    };

    OK(mv_text_new(&text) == MV_OK);
    TEST("LinkedIn's own texts, with greeting and signature")
    for (size_t i = 0; i < sizeof CANNED / sizeof *CANNED; i++) {
        OK(match(CANNED[i]));
        if (!match(CANNED[i]))
            printf("    %s\n", CANNED[i]);
    }
    TEST("own words beside them are own words")
    for (size_t i = 0; i < sizeof OWN / sizeof *OWN; i++) {
        OK(!match(OWN[i]));
        if (match(OWN[i]))
            printf("    %s\n", OWN[i]);
    }
    mv_text_free(text);
    return test_end();
}
