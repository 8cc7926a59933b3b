/*
 * A host as it stands in a URL: TAB, CR and LF anywhere, and escapes of any octet.
 */
#include "url_text.h"

#include "ascii.h"

/* The next octet that counts at or behind *at, with *at moved behind it; -1 at the end. */
static int next_octet(const char *text, size_t *at, size_t end)
{
    while (*at < end && hf__url_is_skipped(text[*at]))
        ++*at;
    return *at < end ? (unsigned char)text[(*at)++] : -1;
}

/* The octet of the two digits behind a '%', or -1. TAB, CR and LF may stand among them too. */
static int decode_escape(const char *text, size_t *at, size_t end)
{
    int high = next_octet(text, at, end), low = next_octet(text, at, end);

    high = high < 0 ? -1 : hf__hex_digit((unsigned char)high);
    low = low < 0 ? -1 : hf__hex_digit((unsigned char)low);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
}

void hf__url_decode_host(const char *text, size_t at, size_t end, hf__url_host *host)
{
    size_t length = 0;

    while (at < end && hf__url_is_skipped(text[at]))
        at++;
    host->status = HF_OK;
    host->bracketed = at < end && text[at] == '[';
    host->escaped = false;
    for (int octet; (octet = next_octet(text, &at, end)) >= 0;) {
        size_t start = at - 1;
        if (octet == '%') {
            host->escaped = true;
            octet = decode_escape(text, &at, end);
        }
        if (octet < 0 || length == HF_HOST_TEXT_MAX) {
            host->status = octet < 0 ? HF_E_HOST_ESCAPE : HF_E_HOST_TEXT_TOO_LONG;
            host->bad_at = start;
            return;
        }
        host->text[length++] = (char)octet;
    }
    host->length = length;
}
