#include "report_words.h"

#include <string.h>

static const char *const WORDS[MV_WORDS][MV_TONGUES] = {
    [MV_W_TITLE] = {"Whom to answer", "A quién responder"},
    [MV_W_WAIT_ONE] = {"{0} invitation waits{1}.", "Espera {0} invitación{1}."},
    [MV_W_WAIT_MANY] = {"{0} invitations wait{1}.",
                        "Esperan {0} invitaciones{1}."},
    [MV_W_OPENINGS_ONE] = {", and {0} contact has opened a conversation",
                           ", y {0} contacto ha abierto una conversación"},
    [MV_W_OPENINGS_MANY] = {", and {0} contacts have opened a conversation",
                            ", y {0} contactos han abierto una conversación"},
    [MV_W_TEXTS_ONE] = {"; {0} message comes from other files",
                        "; {0} mensaje viene de otros archivos"},
    [MV_W_TEXTS_MANY] = {"; {0} messages come from other files",
                         "; {0} mensajes vienen de otros archivos"},
    [MV_W_STATE_ONE] = {"{0} states a purpose{1}: {2}.",
                        "{0} dice para qué escribe{1}: {2}."},
    [MV_W_STATE_MANY] = {"{0} state a purpose{1}: {2}.",
                         "{0} dicen para qué escriben{1}: {2}."},
    [MV_W_STATE_NONE] = {"None states a purpose.",
                         "Ninguna dice para qué escribe."},
    [MV_W_CORRECTED] = {" (in all between {0} and {1}, after correction)",
                        " (en total entre {0} y {1}, tras la corrección)"},
    [MV_W_ANSWER_ONE] = {"answer it", "respóndela"},
    [MV_W_ANSWER_MANY] = {"answer these{0}", "responde a estas{0}"},
    [MV_W_WEEKS_ONE] = {"; at {0} a week that takes {1} week",
                        "; a {0} por semana es {1} semana"},
    [MV_W_WEEKS_MANY] = {"; at {0} a week that takes {1} weeks",
                         "; a {0} por semana son {1} semanas"},
    [MV_W_REVIEW_ONE] = {"{0} needs your eye.", "{0} necesita tu mirada."},
    [MV_W_REVIEW_MANY] = {"{0} need your eye.", "{0} necesitan tu mirada."},
    [MV_W_REST_ONE] = {"Accept the other {0} without a word.",
                       "Acepta la otra {0} sin decir nada."},
    [MV_W_REST_MANY] = {"Accept the other {0} without a word.",
                        "Acepta las otras {0} sin decir nada."},
    [MV_W_PENDING_ONE] = {"{0} message has not been judged yet.",
                          "{0} mensaje está sin juzgar."},
    [MV_W_PENDING_MANY] = {"{0} messages have not been judged yet.",
                           "{0} mensajes están sin juzgar."},
    [MV_W_TRUST] = {"Of 100 that motivo calls purposeful, {0} to {1} are.",
                    "De cada 100 que motivo da por buenas, lo son entre {0} y "
                    "{1}."},
    [MV_W_TRUST_EXACT] = {"Of 100 that motivo calls purposeful, {0} are.",
                          "De cada 100 que motivo da por buenas, lo son {0}."},
    [MV_W_TRUST_NONE] =
        {"How often motivo is right when it says purpose is not known.",
         "No se sabe cuántas veces acierta motivo cuando da una por buena."},
    [MV_W_FINDS] =
        {"Of 100 that state a purpose it finds {0} to {1} by "
         "itself; the others are under Review, or accepted.",
         "De cada 100 que dicen para qué, encuentra por sí solo entre {0} y "
         "{1}; las demás quedan por revisar, o aceptadas."},
    [MV_W_FINDS_EXACT] =
        {"Of 100 that state a purpose it finds {0} by itself; "
         "the others are under Review, or accepted.",
         "De cada 100 que dicen para qué, encuentra por sí solo {0}; "
         "las demás quedan por revisar, o aceptadas."},
    [MV_W_MEASURED] = {"{0} (Measured on: {1}.)", "{0} (Medido en: {1}.)"},
    [MV_W_NOT_JUDGED] = {"Nothing has been judged yet.",
                         "Todavía no se ha juzgado nada."},
    [MV_W_NO_MODEL] = {"Nothing has been judged yet: there is no active model.",
                       "Todavía no se ha juzgado nada: no hay un modelo "
                       "activo."},

    [MV_W_DRIFT] = {"These messages are not like those that the model learnt "
                    "from: {0}. {1}",
                    "Estos mensajes no se parecen a aquellos de los que el "
                    "modelo aprendió: {0}. {1}"},
    [MV_W_DRIFT_WORDS] = {"{0} of their words are new to it ({1} in training)",
                          "el {0} de sus palabras son nuevas ({1} en el "
                          "entrenamiento)"},
    [MV_W_DRIFT_LANGUAGES] = {"{0} are in languages that it has hardly learnt",
                              "el {0} está en idiomas que apenas aprendió"},
    [MV_W_DRIFT_SCORES] = {"motivo is unsure of {0} of them ({1} expected)",
                           "motivo duda del {0} de ellos (se esperaba el "
                           "{1})"},
    [MV_W_DRIFT_SO] = {"The figures below may be wrong.",
                       "Las cifras de abajo pueden estar equivocadas."},
    [MV_W_LABEL_FIRST_ONE] = {"Label this {0} first",
                              "Etiqueta antes esta {0}"},
    [MV_W_LABEL_FIRST_MANY] = {"Label these {0} first",
                               "Etiqueta antes estas {0}"},
    [MV_W_LABEL_HOW] = {"Say what each one is with {0} (or {1}), then train "
                        "and score again: motivo learns most from these.",
                        "Di qué es cada una con {0} (o {1}); después entrena y "
                        "puntúa otra vez: de estas es de las que más aprende."},

    [MV_W_ANSWER] = {"Answer", "Responder"},
    [MV_W_REVIEW] = {"Review", "Revisar"},
    [MV_W_MOST_CERTAIN] = {"most certain first", "primero las más seguras"},
    [MV_W_CLOSEST] = {"closest to a purpose first", "primero las más cercanas"},
    [MV_W_LIST_ALL] = {"{0}, {1}", "{0}, {1}"},
    [MV_W_LIST_CUT] = {"{0} of {1}, {2}; all: {3}",
                       "{0} de {1}, {2}; todas: {3}"},
    [MV_W_NO_NAME] = {"(no name)", "(sin nombre)"},
    [MV_W_CONTACT] = {"contact", "contacto"},
    [MV_W_OPENING] = {"first message", "primer mensaje"},
    [MV_W_PROBABILITY] = {"{0} certain", "seguridad {0}"},
    [MV_W_BECAUSE] = {"because of:", "por:"},
    [MV_W_NUMBER] = {"no. {0}", "n.º {0}"},
    [MV_W_CUT] = {"(cut)", "(cortado)"},
    [MV_W_PROVED] = {"was useful", "fue útil"},
    [MV_W_PROVED_NOT] = {"not useful", "no fue útil"},

    [MV_W_MARK_HOW] = {"Was a contact useful? Say so by number: {0} (or {1}).",
                       "¿Fue útil un contacto? Dilo con su número: {0} (o "
                       "{1})."},
    [MV_W_MARK] = {"Was this contact useful?", "¿Fue útil este contacto?"},
    [MV_W_MARK_YES] = {"Yes", "Sí"},
    [MV_W_MARK_NO] = {"No", "No"},
    [MV_W_MARKS] = {"Marks to save:", "Marcas por guardar:"},
    [MV_W_MARKS_SAVE] = {"Save {0}", "Guardar {0}"},
    [MV_W_MARKS_THEN] = {"Then, in the folder where it is, run {0}",
                         "Después, en la carpeta donde quede, ejecuta {0}"},

    [MV_W_EVIDENCE] = {"How far to trust this", "Cuánto fiarse de esto"},
    [MV_W_FIGURE] = {"figure", "cifra"},
    [MV_W_VALUE] = {"value (95% range)", "valor (margen del 95 %)"},
    [MV_W_MEANING] = {"what it is", "qué es"},
    [MV_W_PRECISION] = {"precision", "precisión"},
    [MV_W_PRECISION_IS] = {"true ones among those called purpose ({0})",
                           "aciertos entre las dadas por buenas ({0})"},
    [MV_W_RECALL] = {"recall", "exhaustividad"},
    [MV_W_RECALL_IS] = {"of all purposes, those called purpose",
                        "de las que dicen para qué, las dadas por buenas"},
    [MV_W_SHARE] = {"purposes", "propósitos"},
    [MV_W_SHARE_IS] = {"share among {0} unlabelled messages, corrected",
                       "proporción en {0} mensajes sin etiqueta, corregida"},
    [MV_W_COUNTED] = {"counted", "contados"},
    [MV_W_COUNTED_IS] = {"the same, as plainly counted",
                         "la misma, contada sin más"},
    [MV_W_TWO_WAY] = {"two-way", "diálogos"},
    [MV_W_TWO_WAY_IS] = {"contacts with whom both sides wrote: {0} of {1}",
                         "contactos con quienes escribieron ambos: {0} de {1}"},
    [MV_W_BASIS_TRAINING] = {"training labels, out of fold",
                             "etiquetas de entrenamiento, fuera de muestra"},
    [MV_W_BASIS_AUDIT] = {"audit sample of {0}", "muestra de control de {0}"},
    [MV_W_AUDIT_SHORT] = {"Labels in the audit sample: {0}, of which {1} are "
                          "of messages that motivo calls purposeful; too few "
                          "to measure by. With about {2} more ({3}) this "
                          "figure rests on it.",
                          "Etiquetas en la muestra de control: {0}, de las que "
                          "{1} son de mensajes que motivo da por buenos; muy "
                          "pocas para medir. Con unas {2} más ({3}), esta "
                          "cifra se apoyará en ella."},
    [MV_W_AUDIT_NEVER] = {"Labels in the audit sample: {0}, of which {1} are "
                          "of messages that motivo calls purposeful; too few "
                          "to measure by, and so are all the messages that "
                          "are here.",
                          "Etiquetas en la muestra de control: {0}, de las que "
                          "{1} son de mensajes que motivo da por buenos; muy "
                          "pocas para medir, y también lo son todos los "
                          "mensajes que hay."},
    [MV_W_PARITY] = {"By language ({0}):", "Por idioma ({0}):"},
    [MV_W_PARITY_RECALL] = {"motivo does not serve all languages alike: it "
                            "finds more of the purposes in some than in "
                            "others. Read with more care those where recall "
                            "is low.",
                            "motivo no trata igual a todos los idiomas: en "
                            "unos encuentra más propósitos que en otros. Lee "
                            "con más cuidado aquellos de baja "
                            "exhaustividad."},
    [MV_W_PARITY_ALARM] = {"motivo does not serve all languages alike: in some "
                           "it takes more messages without a purpose for "
                           "purposeful. Read with more care those where "
                           "precision is low.",
                           "motivo no trata igual a todos los idiomas: en unos "
                           "da por buenos más mensajes sin propósito que en "
                           "otros. Lee con más cuidado aquellos de baja "
                           "precisión."},
    [MV_W_PARITY_LANGUAGE] = {"language", "idioma"},
    [MV_W_MIXED] = {"mixed", "mezclado"},
    [MV_W_OTHERS] = {"others", "otros"},
    [MV_W_VERDICTS] = {"Verdicts", "Veredictos"},
    [MV_W_VERDICT] = {"verdict", "veredicto"},
    [MV_W_ACTION] = {"do", "qué hacer"},
    [MV_W_COUNT] = {"number", "número"},
    [MV_W_SHARE_OF_ALL] = {"share", "parte"},
    [MV_W_NO_PURPOSE] = {"no purpose", "sin propósito"},
    [MV_W_PURPOSE] = {"purpose", "propósito"},
    [MV_W_UNSURE] = {"unsure", "dudosa"},
    [MV_W_NO_NOTE] = {"no note", "sin nota"},
    [MV_W_ACCEPT] = {"accept", "aceptar"},
    [MV_W_REPLY] = {"answer", "responder"},
    [MV_W_LOOK] = {"review", "revisar"},
    [MV_W_ALL] = {"all", "todas"},
    [MV_W_MODEL] = {"Model {0}, trained on {1}, learnt from {2} labelled "
                    "messages: {3} with a purpose, {4} without ({5}).",
                    "El modelo {0}, entrenado el {1}, aprendió de {2} mensajes "
                    "etiquetados: {3} con propósito, {4} sin él ({5})."},
    [MV_W_LEARNT] = {"Model {0}, trained on {1}.",
                     "Modelo {0}, entrenado el {1}."},
    [MV_W_LANGUAGES] = {"{0} {1}", "{0} {1}"},
    [MV_W_BRACKETS] = {"In brackets: the range that holds the true figure in "
                       "95 of 100 such measurements. \"Out of fold\": each "
                       "message was judged by a model trained without it.",
                       "Entre paréntesis: el margen que contiene la cifra "
                       "verdadera en 95 de cada 100 mediciones así. «Fuera de "
                       "muestra»: a cada mensaje lo juzgó un modelo entrenado "
                       "sin él."},

    [MV_W_USEFUL] = {"Useful contacts", "Contactos útiles"},
    [MV_W_USEFUL_COUNT] = {"useful", "útiles"},
    [MV_W_KNOWN] = {"known", "conocidos"},
    [MV_W_USEFUL_SHARE] = {"share (95% range)", "parte (margen del 95 %)"},
    [MV_W_LIFT] = {"lift", "factor"},
    [MV_W_SOURCE_SAID] = {"Useful: you said so.", "Útil: lo dijiste tú."},
    [MV_W_SOURCE_THREADS] = {"Useful: both sides wrote.",
                             "Útil: escribieron ambos."},
    [MV_W_SOURCE_BOTH] = {"Useful: what you said of {0} contacts; of {1} "
                          "more, whether both sides wrote.",
                          "Útil: lo que dijiste de {0} contactos; de otros "
                          "{1}, si escribieron ambos."},
    [MV_W_ESTIMATE] = {"Over all {0} persons, estimated from {1} of the audit "
                       "sample: {2}.",
                       "Entre las {0} personas, estimado con {1} de la muestra "
                       "de control: {2}."},
    [MV_W_NO_ESTIMATE] = {"The known ones were not drawn at random; an "
                          "estimate over all needs the outcome of {0} more "
                          "persons of the audit sample.",
                          "Los conocidos no se sacaron al azar; para una "
                          "estimación de todos falta saber de {0} personas más "
                          "de la muestra de control."},
    [MV_W_REFERENCE] =
        {"For comparison only: to the blogger whose rule motivo "
         "follows, {0} of 100 were useful.",
         "Solo para comparar: a quien propuso la regla que sigue "
         "motivo le fueron útiles {0} de cada 100."},

    [MV_W_PLOTS] = {"Plots", "Gráficos"},
    [MV_W_DATA] = {"The figures", "Las cifras"},
    [MV_W_NO_GNUPLOT] = {"There are no plots: gnuplot is not installed "
                         "(Debian: apt install gnuplot-nox). Their figures "
                         "follow.",
                         "No hay gráficos: falta gnuplot (Debian: apt install "
                         "gnuplot-nox). Siguen sus cifras."},
    [MV_W_PR] = {"Precision and recall", "Precisión y exhaustividad"},
    [MV_W_PR_ALT] = {"The further right, the more of the purposes are found; "
                     "the higher, the fewer wrong ones among them. The dot is "
                     "the threshold in use, {0}.",
                     "Cuanto más a la derecha, más propósitos encuentra; "
                     "cuanto más arriba, menos errores entre ellos. El punto "
                     "es el umbral en uso, {0}."},
    [MV_W_RELIABILITY] = {"Is a probability what it says?",
                          "¿Vale una probabilidad lo que dice?"},
    [MV_W_RELIABILITY_ALT] = {"Messages that motivo had not seen, in groups of "
                              "like probability: the share that does state a "
                              "purpose. On the dashed line both agree.",
                              "Mensajes que motivo no había visto, en grupos "
                              "de probabilidad parecida: la parte que sí dice "
                              "para qué. En la línea de trazos coinciden."},
    [MV_W_PREDICTED] = {"probability said", "probabilidad dicha"},
    [MV_W_OBSERVED] = {"share observed", "parte observada"},
    [MV_W_IDEAL] = {"agreement", "acuerdo"},
    [MV_W_FROM] = {"from", "de"},
    [MV_W_TO] = {"to", "a"},
    [MV_W_THRESHOLD] = {"threshold", "umbral"},
    [MV_W_HISTOGRAM] = {"How sure motivo is", "Qué seguro está motivo"},
    [MV_W_HISTOGRAM_ALT] = {"Messages by the probability of a purpose. Few in "
                            "the middle: few doubts.",
                            "Mensajes según la probabilidad de propósito. "
                            "Pocos en el centro: pocas dudas."},
    [MV_W_MESSAGES] = {"messages", "mensajes"},
    [MV_W_WEEKS] = {"Invitations a week", "Invitaciones por semana"},
    [MV_W_WEEKS_ALT] = {"When they came, and what they are.",
                        "Cuándo llegaron y qué son."},
    [MV_W_WEEK] = {"week of", "semana del"},
    [MV_W_INVITATIONS] = {"invitations", "invitaciones"},
    [MV_W_USEFUL_PLOT] = {"Useful contacts by verdict",
                          "Contactos útiles por veredicto"},
    [MV_W_USEFUL_ALT] = {"The share of useful ones among those whose outcome "
                         "is known, with its 95% range.",
                         "La parte de útiles entre los de resultado conocido, "
                         "con su margen del 95 %."},
    [MV_W_CURVE] = {"Do more labels help?", "¿Ayudan más etiquetas?"},
    [MV_W_CURVE_ALT] =
        {"The model in use, trained on fewer of its labels, and how well it "
         "then tells both kinds apart on others (zero is chance, one "
         "perfect). Where the line still rises, more labels bring more.",
         "El modelo en uso, entrenado con menos de sus etiquetas, y lo bien "
         "que distingue entonces otras (cero es azar, uno perfecto). Mientras "
         "la línea suba, más etiquetas traen más."},
    [MV_W_LEARNING] = {"What labels have brought",
                       "Qué han traído las etiquetas"},
    [MV_W_LEARNING_ALT] =
        {"Each model so far: labels learnt from, and how "
         "well it tells both kinds apart (zero is chance, one "
         "perfect).",
         "Cada modelo hasta ahora: etiquetas aprendidas y lo "
         "bien que distingue (cero es azar, uno perfecto)."},
    [MV_W_LABELS] = {"labels", "etiquetas"},
    [MV_W_MCC] = {"correlation (MCC)", "correlación (MCC)"},

    [MV_W_NEXT] = {"Next:", "Ahora:"},
    [MV_W_NEXT_LABEL] =
        {"settle what is under Review, one key each, then train "
         "again: motivo learns most there",
         "decide lo que está por revisar, con una tecla, y "
         "entrena otra vez: ahí es donde más aprende"},
    [MV_W_NEXT_EXPLAIN] = {"see why a message is judged as it is",
                           "mira por qué se juzga así un mensaje"},
    [MV_W_NEXT_IMPORT] = {"read your invitations: FILE is the ZIP archive of "
                          "your data that LinkedIn gives you on request",
                          "lee tus invitaciones: FILE es el archivo ZIP con "
                          "tus datos que LinkedIn te da si lo pides"},
    [MV_W_NEXT_MODELS] = {"choose one and take it into use (motivo models "
                          "activate N)",
                          "elige uno y ponlo en uso (motivo models activate "
                          "N)"},
    [MV_W_NEXT_STARTER] = {"add the labelled messages that come with motivo, "
                           "to learn from",
                           "añade los mensajes etiquetados que trae motivo, "
                           "para aprender de ellos"},
    [MV_W_NEXT_FIRST_LABELS] = {"give labels, one key each: there are too few "
                                "to learn from",
                                "pon etiquetas, con una tecla: hay demasiado "
                                "pocas para aprender"},
    [MV_W_NEXT_MORE_LABELS] =
        {"give more labels: from 50 of your own on motivo "
         "learns from them, too",
         "pon más etiquetas: a partir de 50 tuyas, motivo "
         "aprende también de ellas"},
    [MV_W_NEXT_SCORE] = {"judge what has not been judged yet",
                         "juzga lo que falta por juzgar"},
    [MV_W_NEXT_TRAIN] = {"labels have come in since the model was trained",
                         "han llegado etiquetas desde que se entrenó el "
                         "modelo"},
    [MV_W_NEXT_TRAIN_FIRST] = {"learn from the labels",
                               "aprende de las etiquetas"},
    [MV_W_FOOT] = {"Made by motivo {0} on this machine. Nothing in this page "
                   "is loaded from, or sent, anywhere.",
                   "Hecho por motivo {0} en esta máquina. Esta página no carga "
                   "ni envía nada a ningún sitio."},
    [MV_W_CONTENTS] = {"On this page", "En esta página"},

    [MV_W_LANGUAGE] = {"Spanish", "español"},
    [MV_W_LANGUAGE + 1] = {"English", "inglés"},
    [MV_W_LANGUAGE + 2] = {"Portuguese", "portugués"},
    [MV_W_LANGUAGE + 3] = {"French", "francés"},
    [MV_W_LANGUAGE + 4] = {"Italian", "italiano"},
    [MV_W_LANGUAGE + 5] = {"German", "alemán"},
    [MV_W_LANGUAGE + 6] = {"Catalan", "catalán"},
    [MV_W_LANGUAGE + 7] = {"another", "otro"},
    [MV_W_LANGUAGE + 8] = {"unclear", "no claro"},
    [MV_W_MONTH] = {"Jan", "ene"},
    [MV_W_MONTH + 1] = {"Feb", "feb"},
    [MV_W_MONTH + 2] = {"Mar", "mar"},
    [MV_W_MONTH + 3] = {"Apr", "abr"},
    [MV_W_MONTH + 4] = {"May", "may"},
    [MV_W_MONTH + 5] = {"Jun", "jun"},
    [MV_W_MONTH + 6] = {"Jul", "jul"},
    [MV_W_MONTH + 7] = {"Aug", "ago"},
    [MV_W_MONTH + 8] = {"Sep", "sep"},
    [MV_W_MONTH + 9] = {"Oct", "oct"},
    [MV_W_MONTH + 10] = {"Nov", "nov"},
    [MV_W_MONTH + 11] = {"Dec", "dic"},
};

const char *mv_report_word(enum mv_tongue tongue, enum mv_word word)
{
    return WORDS[word][tongue];
}

const char *mv_report_translate(enum mv_tongue tongue, const char *english)
{
    for (int word = 0; word < MV_WORDS; word++)
        if (strcmp(WORDS[word][MV_TONGUE_EN], english) == 0)
            return WORDS[word][tongue];
    return english;
}
