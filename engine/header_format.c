/* The way back: a policy as the value of an STS field. */
#include "holdfast/header.h"

typedef struct writer {
    char text[HF_HEADER_MAX];
    size_t length;
} writer;

static void put(writer *w, const char *text)
{
    while (*text != '\0')
        w->text[w->length++] = *text++;
}

static void put_number(writer *w, int64_t number)
{
    char digits[20];
    size_t count = 0;

    do {
        digits[count++] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    while (count > 0)
        w->text[w->length++] = digits[--count];
}

/* [RFC6797 7.1-2] What a server sends "MUST satisfy the grammar specified above in Section 6.1". */
hf_status hf_header_format(const hf_policy *policy, char *buffer, size_t capacity, size_t *length)
{
    /* The longest text, 19 digits and both flags, is 56 octets: it always fits into HF_HEADER_MAX. */
    writer w = {.length = 0};

    if (policy == NULL || buffer == NULL || length == NULL || policy->max_age < 0)
        return HF_E_ARGUMENT;
    put(&w, "max-age=");
    put_number(&w, policy->max_age);
    if (policy->include_subdomains)
        put(&w, "; includeSubDomains");
    if (policy->preload)
        put(&w, "; preload");
    if (w.length >= capacity)
        return HF_E_BUFFER;
    memcpy(buffer, w.text, w.length);
    buffer[w.length] = '\0';
    *length = w.length;
    return HF_OK;
}
