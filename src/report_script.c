/* The one script of the HTML report, and the policy that lets nothing but it
 * run: were a message ever to stand in the page as more than text, a browser
 * would still not obey it. */
#include "report_doc.h"

#include "digest.h"

/* Puts the template's two buttons on every card of somebody and counts what
 * they say. What differs from what the user said before goes into the file that
 * `motivo useful --file` reads: numbers and yes or no, in the order of the
 * page. Nothing is kept or sent. */
static const char SCRIPT[] =
    "\n\"use strict\";\n"
    "(function () {\n"
    "  const bar = document.getElementById(\"marks\");\n"
    "  const mark = document.getElementById(\"mark\").content;\n"
    "  const cards =\n"
    "    document.querySelectorAll(\".cards > li:not([data-nobody])\");\n"
    "  const marks = new Map();\n"
    "  let saved = true;\n"
    "\n"
    "  function show(card) {\n"
    "    const said = marks.get(card) || card.dataset.useful;\n"
    "    for (const button of card.querySelectorAll(\"fieldset button\"))\n"
    "      button.setAttribute(\"aria-pressed\", button.value === said);\n"
    "    bar.querySelector(\"output\").textContent = marks.size;\n"
    "    bar.hidden = marks.size === 0;\n"
    "  }\n"
    "  function press(card, value) {\n"
    "    if (marks.get(card) === value || card.dataset.useful === value)\n"
    "      marks.delete(card);\n"
    "    else\n"
    "      marks.set(card, value);\n"
    "    saved = marks.size === 0;\n"
    "    show(card);\n"
    "  }\n"
    "  function save() {\n"
    "    const rows = [\"invitation,useful\"];\n"
    "    const link = document.createElement(\"a\");\n"
    "    for (const card of cards)\n"
    "      if (marks.has(card))\n"
    "        rows.push(card.id.slice(1) + \",\" + marks.get(card));\n"
    "    link.href = URL.createObjectURL(\n"
    "      new Blob([rows.join(\"\\n\") + \"\\n\"], { type: \"text/csv\" }));\n"
    "    link.download = \"useful.csv\";\n"
    "    link.click();\n"
    "    setTimeout(() => URL.revokeObjectURL(link.href), 60000);\n"
    "    saved = true;\n"
    "  }\n"
    "  for (const card of cards) {\n"
    "    card.append(mark.cloneNode(true));\n"
    "    for (const button of card.querySelectorAll(\"fieldset button\"))\n"
    "      button.addEventListener(\"click\", () => press(card, "
    "button.value));\n"
    "    show(card);\n"
    "  }\n"
    "  bar.querySelector(\"button\").addEventListener(\"click\", save);\n"
    "  document.getElementById(\"marking\").hidden = true;\n"
    "  addEventListener(\"beforeunload\", (event) => {\n"
    "    if (!saved)\n"
    "      event.preventDefault();\n"
    "  });\n"
    "})();\n";

const char *mv_doc_script(void)
{
    return SCRIPT;
}

const char *mv_doc_policy(struct mv_doc *doc, bool script)
{
    unsigned char raw[MV_DIGEST_SIZE];
    char hash[MV_DIGEST_BASE64_SIZE];

    if (!script)
        return "default-src 'none'; style-src 'unsafe-inline'; "
               "base-uri 'none'; form-action 'none'";
    if (mv_digest_of((struct mv_span){SCRIPT, sizeof SCRIPT - 1}, raw) !=
        MV_OK) {
        doc->page->failed = true;
        return "default-src 'none'";
    }
    mv_digest_base64(raw, hash);
    return mv_report_format(doc->page,
                            "default-src 'none'; style-src 'unsafe-inline'; "
                            "script-src 'sha256-%s'; base-uri 'none'; "
                            "form-action 'none'",
                            hash);
}
