/* layer 2: the one call into CLD2, whose interface is C++.
 *
 * Thread-safety: CLD2 has no mutable state.
 */
#ifndef MV_LANG_CLD2_H
#define MV_LANG_CLD2_H

#ifdef __cplusplus
extern "C" {
#endif

/* The ISO 639-1 code that CLD2 gives to len bytes of valid UTF-8, or "un" when
 * it can not tell. Borrowed: constant storage. */
const char *mv_lang_cld2(const char *text, int len);

#ifdef __cplusplus
}
#endif
#endif
