/* An answer of the DNS: whatever comes is read within its bounds, names keep their form, and what it holds is read
 * further. */
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

static void check_name(const char *name)
{
    size_t length = strlen(name);

    check(length > 0 && length < DNS_TEXT_MAX);
    check(strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_*/\\.") == length);
}

static void check_answer(const dns_answer *answer, base_arena *arena)
{
    check(answer->alias_count <= DNS_ALIASES_MAX && answer->count <= DNS_RECORDS_MAX);
    check((answer->status == FACTS_DNS_ANSWERED) <= (answer->count > 0));
    check(answer->status != FACTS_DNS_MALFORMED || (answer->count == 0 && answer->alias_count == 0));
    for (size_t i = 0; i < answer->alias_count; i++) {
        check_name(answer->aliases[i].to);
        check(i == 0 || answer->aliases[i].from == answer->aliases[i - 1].to);
        check(answer->ttl <= answer->aliases[i].ttl);
    }
    for (size_t i = 0; i < answer->count; i++) {
        io_address address;
        facts_https_record svcb;
        facts_caa_record caa;

        check(answer->ttl <= answer->values[i].ttl);
        dns_address(answer->values[i].data, 443, &address);
        if (dns_caa_read(answer->values[i].data, &caa))
            check(caa.tag.length > 0 && 2 + caa.tag.length + caa.value.length == answer->values[i].data.length);
        dns_svcb_read(answer->values[i].data, arena, &svcb);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const dns_type types[] = {DNS_A, DNS_AAAA, DNS_CAA, DNS_HTTPS};

    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        base_arena arena = {0};
        dns_answer answer;

        dns_answer_read(data, size, types[i], &arena, &answer);
        check_answer(&answer, &arena);
        base_arena_done(&arena);
    }
    return 0;
}
