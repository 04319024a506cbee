// CLD2 has no C interface: these lines are the whole of motivo's C++.
#include "lang_cld2.h"

#include <cstdio> // the next header uses FILE and does not include it
#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

const char *mv_lang_cld2(const char *text, int len)
{
    CLD2::Language top[3];
    int percent[3], bytes;
    double score[3];
    bool reliable;
    CLD2::CLDHints none = {nullptr, nullptr, CLD2::UNKNOWN_ENCODING,
                           CLD2::UNKNOWN_LANGUAGE};
    CLD2::Language language = CLD2::ExtDetectLanguageSummary(
        text, len, true, &none, 0, top, percent, score, nullptr, &bytes,
        &reliable);

    return CLD2::LanguageCode(language);
}
