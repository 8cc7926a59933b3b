/*
 * The octets of a URL that mean something else than they are: what reading and writing have in common.
 */
#ifndef HF_ENGINE_URL_TEXT_H
#define HF_ENGINE_URL_TEXT_H

#include "holdfast/host.h"

/* Browsers take these out before they read anything. */
static inline bool hf__url_is_skipped(char c)
{
    return c == '\t' || c == '\n' || c == '\r';
}

static inline bool hf__url_is_slash(char c)
{
    return c == '/' || c == '\\';
}

/* Where text[at..end) ends without the controls and blanks behind it. */
static inline size_t hf__url_end(const char *text, size_t at, size_t end)
{
    while (end > at && (unsigned char)text[end - 1] <= ' ')
        end--;
    return end;
}

/* A host without TAB, CR and LF and with its escapes decoded, as the host parser wants it. */
typedef struct hf__url_host {
    hf_status status; /* HF_E_HOST_ESCAPE, HF_E_HOST_TEXT_TOO_LONG; then nothing below is whole */
    size_t bad_at;    /* the '%' of a bad escape */
    size_t length;
    bool bracketed; /* it begins with a bracket that is written as such */
    bool escaped;   /* it has escapes */
    char text[HF_HOST_TEXT_MAX];
} hf__url_host;

/* Decodes text[at..end). */
void hf__url_decode_host(const char *text, size_t at, size_t end, hf__url_host *host);

#endif
