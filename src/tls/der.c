#include "tls/der.h"

#define LONG_FORM 0x80
#define TAG_NUMBER 0x1f

static bool read_length(const unsigned char *bytes, size_t available, size_t *length, size_t *head)
{
    size_t count;

    if (available < 2)
        return false;
    *length = bytes[1];
    *head = 2;
    if (bytes[1] < LONG_FORM)
        return true;
    count = bytes[1] & ~(unsigned)LONG_FORM;
    /* 0 is the indefinite form; a first byte of 0, or a length that the short form can say, is not the minimum. */
    if (count == 0 || count > sizeof *length || count > available - 2 || bytes[2] == 0)
        return false;
    *length = 0;
    for (size_t i = 0; i < count; i++)
        *length = *length << 8 | bytes[2 + i];
    *head += count;
    return *length >= LONG_FORM;
}

bool tls_der_next(hf_span *rest, tls_der *element)
{
    const unsigned char *bytes = (const unsigned char *)rest->data;
    size_t length, head;

    if (!read_length(bytes, rest->length, &length, &head) || length > rest->length - head ||
        (bytes[0] & TAG_NUMBER) == TAG_NUMBER)
        return false;
    element->tag = bytes[0];
    element->whole = (hf_span){rest->data, head + length};
    element->content = (hf_span){rest->data + head, length};
    *rest = (hf_span){rest->data + head + length, rest->length - head - length};
    return true;
}

bool tls_der_take(hf_span *rest, unsigned tag, tls_der *element)
{
    return rest->length > 0 && (unsigned char)rest->data[0] == tag && tls_der_next(rest, element);
}

size_t tls_der_head(unsigned tag, size_t length, char out[static TLS_DER_HEAD_MAX])
{
    size_t count = 0;

    out[0] = (char)tag;
    if (length < LONG_FORM) {
        out[1] = (char)length;
        return 2;
    }
    for (size_t left = length; left > 0; left >>= 8)
        count++;
    out[1] = (char)(LONG_FORM | count);
    for (size_t i = 0; i < count; i++)
        out[2 + i] = (char)(length >> 8 * (count - 1 - i));
    return 2 + count;
}
