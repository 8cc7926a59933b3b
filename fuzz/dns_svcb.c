/* The data of an HTTPS record: every span lies inside, what is well-formed is in order. */
#include "base/memory.h"
#include "dns/records.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool condition)
{
    if (!condition)
        abort();
}

static void check_inside(hf_span span, const char *bytes, size_t size)
{
    check(span.length <= size && span.data >= bytes && span.data + span.length <= bytes + size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bytes = (const char *)data;
    base_arena arena = {0};
    facts_https_record svcb;
    const char *fault = dns_svcb_read((hf_span){bytes, size}, &arena, &svcb);

    check(svcb.target != NULL && strlen(svcb.target) > 0);
    check(svcb.port >= -1 && svcb.port <= 65535);
    for (size_t i = 0; i < svcb.alpn_count; i++) {
        check_inside(svcb.alpn[i], bytes, size);
        check(svcb.alpn[i].length > 0 && svcb.alpn[i].length < 256);
    }
    for (size_t i = 1; i < svcb.mandatory_count; i++)
        check(svcb.mandatory[i] > svcb.mandatory[i - 1]);
    for (size_t i = 0; i < svcb.unknown_count; i++) {
        check_inside(svcb.unknown[i].value, bytes, size);
        check(svcb.unknown[i].key >= FACTS_HTTPS_KEYS && (i == 0 || svcb.unknown[i].key > svcb.unknown[i - 1].key));
    }
    check(svcb.raw.data == bytes && svcb.raw.length == size && svcb.fault == fault);
    if (fault == NULL) {
        check(size >= 3);
        check(svcb.priority == 0 || !svcb.no_default_alpn || svcb.alpn_count > 0);
        check(svcb.ipv4hint_count * 4 + svcb.ipv6hint_count * 16 <= size);
    }
    base_arena_done(&arena);
    return 0;
}
