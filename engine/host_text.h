/*
 * What url.c asks of host.c beyond the public calls: browsers open hosts that are no DNS names, and a URL keeps the dot
 * at its end.
 */
#ifndef HF_ENGINE_HOST_TEXT_H
#define HF_ENGINE_HOST_TEXT_H

#include "holdfast/host.h"

/*
 * hf_host_parse, but a name with an empty or overlong label, or one that is too long, gives an HF_HOST_OTHER.
 * *root_dot: a dot at the end of a name was removed. *diag, not NULL, is set on failure.
 */
HF_MUST_USE hf_status hf__host_read(const char *text, size_t length, const hf_idna *idna, hf_host *host, bool *root_dot,
                                    hf_diag *diag);

/*
 * The whole name in ASCII and lower case, however long its labels are: what a browser makes of an HF_HOST_OTHER. False
 * if it cannot be converted.
 */
bool hf__host_to_ascii(const char *text, size_t length, const hf_idna *idna, char out[HF_HOST_TEXT_MAX],
                       size_t *out_length);

#endif
