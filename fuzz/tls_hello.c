/* A server's first words: read in one piece and octet by octet they say the same, and an answer stays what it is. */
#include "tls/hello.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static tls_exchange by_parity(uint16_t suite)
{
    return suite % 3 == 0 ? TLS_EXCHANGE_NONE : suite % 3 == 1 ? TLS_EXCHANGE_DH : TLS_EXCHANGE_ECDH;
}

static void check(bool condition)
{
    if (!condition)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bytes = (const char *)data;
    tls_reply whole, part;
    tls_reply_state state;
    size_t length = 0;

    if (size > 4096)
        return 0;
    state = tls_reply_read(bytes, size, by_parity, &whole);
    while (length < size && tls_reply_read(bytes, length, by_parity, &part) == TLS_REPLY_MORE)
        length++;
    check(tls_reply_read(bytes, length, by_parity, &part) == state || state == TLS_REPLY_NOT_TLS);
    check(state != TLS_REPLY_ALERT || (whole.alert > 0 && whole.alert < 256));
    check(whole.dh_bits >= 0 && whole.dh_bits <= 8 * 65535);
    if (state == TLS_REPLY_HELLO)
        check(whole.suite == part.suite && whole.version == part.version && whole.group == part.group);
    return 0;
}
