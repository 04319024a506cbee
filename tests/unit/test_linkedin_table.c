#include "linkedin_log.h"

static enum mv_status read_jsonl(const char *text)
{
    return log_run(mv_linkedin_read_jsonl, "x.jsonl", text, strlen(text));
}

static void columns(struct mv_columns names)
{
    options = (struct mv_linkedin_options){.columns = names};
}

static void test_labels(void)
{
    TEST("motivo's own columns, labels and all")
    {
        columns((struct mv_columns){0});
        EQ(read_csv("id,text,label,lang,name,url,date,kind,annotator\n"
                    "1,Hola,no-purpose,es-ES,Ana Ruiz,ana-1,2026-01-05,"
                    "courtesy,eva\n"
                    "2,\" We met, then \",Purpose,EN,,,,met,\n"
                    "3,x,unsure,,,,,,\n"
                    "4,y,,,,,,,\n"),
           MV_OK);
        LOG("2 text incoming 1767571200 Ana Ruiz ana-1 [Hola] no-purpose"
            " kind=courtesy lang=es\n"
            "3 text incoming - - - [ We met, then ] purpose kind=met lang=en\n"
            "4 text incoming - - - [x] unsure\n"
            "5 text incoming - - - [y]\n");
        STR(tally.dialect, "table");
    }
    TEST("a positive value makes all others no-purpose")
    {
        columns((struct mv_columns){
            .text = "Message", .label = "Class", .positive = "1"});
        EQ(read_csv("class,message\n1,a\n0,b\n,c\nunsure,d\nother,e\n"), MV_OK);
        LOG("2 text incoming - - - [a] purpose\n"
            "3 text incoming - - - [b] no-purpose\n"
            "4 text incoming - - - [c]\n"
            "5 text incoming - - - [d] unsure\n"
            "6 text incoming - - - [e] no-purpose\n");
    }
    TEST("without a positive value other words are an error with its line")
    {
        columns((struct mv_columns){.text = "text", .label = "label"});
        EQ(read_csv("text,label\na,purpose\nb,yes\n"), MV_FORMAT);
        EQ(error.line, 3);
        OK(strstr(error.message, "'yes'"));
        OK(strstr(error.message, "purpose, no-purpose, unsure"));
        OK(strstr(error.message, "--positive VALUE"));
        EQ(read_csv("text,label\n"
                    "a,\"Dear Lee, about the secret orchard of yours\"\n"),
           MV_FORMAT);
        OK(!strstr(error.message, "orchard"));
    }
    TEST("kinds must exist and agree with the label")
    {
        columns((struct mv_columns){0});
        EQ(read_csv("text,label,kind\na,purpose,spam\nb,purpose,banana\n"
                    "c,,met\nd,unsure,met\n"),
           MV_OK);
        LOG("2 text incoming - - - [a] purpose\n"
            "3 text incoming - - - [b] purpose\n"
            "4 text incoming - - - [c]\n"
            "5 text incoming - - - [d] unsure kind=met\n");
        WARNED("other label", 1, 2);
        WARNED("unknown kind", 1, 3);
        WARNED("kind without a label", 1, 4);
    }
}

static void test_columns(void)
{
    TEST("a mapped column that is not there is told with those that are")
    {
        columns((struct mv_columns){.text = "body"});
        EQ(read_csv("text,label\na,purpose\n"), MV_FORMAT);
        OK(strstr(error.message, "no column 'body'"));
        OK(strstr(error.message, "text, label"));
        columns((struct mv_columns){.text = "text", .lang = "language"});
        EQ(read_csv("text,label\na,purpose\n"), MV_FORMAT);
        OK(strstr(error.message, "no column 'language'"));
    }
    TEST("only the columns that are mapped are read")
    {
        columns((struct mv_columns){.text = "text"});
        EQ(read_csv("text,label\na,whatever\n"), MV_OK);
        LOG("2 text incoming - - - [a]\n");
    }
    TEST("LinkedIn's own file can be read as a table")
    {
        columns((struct mv_columns){
            .text = "Message", .date = "Sent At", .name = "From"});
        EQ(read_csv("From,To,Sent At,Message,Direction\n"
                    "Ana Ruiz,Lee Park,\"1/5/26, 10:04 AM\",Hi,INCOMING\n"),
           MV_OK);
        LOG("2 text incoming 1767636240 Ana Ruiz - [Hi]\n");
    }
    TEST("rows without text are skipped, or kept when asked")
    {
        columns((struct mv_columns){.text = "text"});
        EQ(read_csv("id,text\n1,a\n2,\n3,  \n4,b\n"), MV_OK);
        SKIPPED("no text", 2, 3);
        EQ(tally.kept, 2);
        options.keep_empty = true;
        EQ(read_csv("id,text\n1,a\n2,\n"), MV_OK);
        LOG("2 text incoming - - - [a]\n3 text incoming - - - []\n");
    }
    TEST("odd languages, dates and URLs are left out with a warning")
    {
        columns((struct mv_columns){
            .text = "text", .lang = "lang", .date = "date", .url = "url"});
        EQ(read_csv("text,lang,date,url\n"
                    "a,spanish,soon,https://example.com/ana\n"
                    "b,pt_BR,04 Apr 2021,in/ana-1\n"),
           MV_OK);
        LOG("2 text incoming - - - [a]\n"
            "3 text incoming 1617494400 - ana-1 [b] lang=pt\n");
        WARNED("language", 1, 2);
        WARNED("date", 1, 2);
        WARNED("not the URL", 1, 2);
    }
    TEST("entries of a label history")
    {
        columns((struct mv_columns){0});
        EQ(read_csv("text,label,annotator,chosen,labelled_at,event,act,note\n"
                    "a,purpose,me,unsure,1970-01-01T00:01:00Z,label,7,\n"
                    "a,purpose,me,unsure,1970-01-01T00:01:01Z,undo,,\n"
                    "a,,me,,1970-01-01T00:01:02Z,note,,\"say, \"\"hi\"\"\"\n"
                    "b,purpose,me,audit,1970-01-01T00:01:03Z,,,\n"
                    "c,purpose,me,set,whenever,label,,\n"
                    "d,purpose,me,,1970-01-01T00:01:03Z,,,\n"),
           MV_OK);
        LOG("2 text incoming - - - [a] purpose\n"
            "  told label at 60 chosen=unsure act=7 note=[]\n"
            "3 text incoming - - - [a] purpose\n"
            "  told undo at 61 chosen=unsure act=0 note=[]\n"
            "4 text incoming - - - [a]\n"
            "  told note at 62 chosen=- act=0 note=[say, \"hi\"]\n"
            "5 text incoming - - - [b] purpose\n"
            "  told label at 63 chosen=audit act=0 note=[]\n"
            "6 text incoming - - - [c] purpose\n"
            "7 text incoming - - - [d] purpose\n");
        WARNED("labelled at no known time", 1, 6);
    }
    TEST("origin, direction and natural id of motivo's own export")
    {
        columns((struct mv_columns){0});
        EQ(read_csv("text,label,origin,direction,natural\n"
                    "a,purpose,note,outgoing,\n"
                    ",,mail,incoming,77\n"
                    "b,,opening,,\n"
                    "c,,banana,sideways,\n"),
           MV_OK);
        LOG("2 note outgoing - - - [a] purpose\n"
            "3 mail incoming - - - [] id=77\n"
            "4 opening incoming - - - [b]\n"
            "5 text incoming - - - [c]\n");
        WARNED("unknown origin", 1, 5);
        WARNED("unknown direction", 1, 5);
    }
}

static void test_jsonl(void)
{
    TEST("one object a line")
    {
        columns((struct mv_columns){0});
        EQ(read_jsonl("{\"text\":\"Hola \\u00e1\\nb\",\"label\":\"purpose\","
                      "\"lang\":\"es\",\"extra\":[1]}\n"
                      "\n"
                      "{\"text\":\"x\",\"label\":null}"),
           MV_OK);
        LOG("1 text incoming - - - [Hola \xc3\xa1\nb] purpose lang=es\n"
            "3 text incoming - - - [x]\n");
    }
    TEST("numbers and booleans are labels, too")
    {
        columns((struct mv_columns){
            .text = "t", .label = "y", .positive = "true", .name = "n"});
        EQ(read_jsonl("{\"t\":\"a\",\"y\":true,\"n\":12}\n"
                      "{\"t\":7,\"y\":false}\n"),
           MV_OK);
        LOG("1 text incoming - 12 - [a] purpose\n"
            "2 text incoming - - - [7] no-purpose\n");
    }
    TEST("lines that are no object are skipped, save the first")
    {
        columns((struct mv_columns){0});
        EQ(read_jsonl("{\"text\":\"a\"}\nnot json\n[1]\n{\"label\":\"x\"}\n"
                      "{\"text\":\"b\"}\n"),
           MV_OK);
        SKIPPED("not a JSON object", 2, 2);
        SKIPPED("no text", 1, 4);
        EQ(tally.kept, 2);
        EQ(read_jsonl("text,label\na,purpose\n"), MV_FORMAT);
        EQ(error.line, 1);
        EQ(read_jsonl(""), MV_FORMAT);
        OK(strstr(error.message, "empty file"));
    }
    TEST("the first object must have the text")
    {
        columns((struct mv_columns){.text = "body"});
        EQ(read_jsonl("{\"text\":\"a\",\"label\":\"purpose\"}\n"), MV_FORMAT);
        OK(strstr(error.message, "no member 'body'"));
        OK(strstr(error.message, "text, label"));
        OK(strstr(error.message, "--text MEMBER"));
    }
}

int main(void)
{
    test_labels();
    test_columns();
    test_jsonl();
    mv_buffer_release(&log_text);
    return test_end();
}
