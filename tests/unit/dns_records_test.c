/* Answers of the DNS, octet by octet: names, aliases, addresses, CAA and HTTPS records, and what is wrong with them. */
#include "dns/records.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define BYTES(text) (const unsigned char *)(text), sizeof(text) - 1
#define DATA(text) ((hf_span){text, sizeof(text) - 1})

/* A head with one question for a.test and `answers` records in the answer section. */
#define HEAD(flags, answers) "\0\1" flags "\0\1\0" answers "\0\0\0\0\1a\4test\0"
#define RECORD(type, ttl, length) "\xc0\x0c\0" type "\0\1\0\0\0" ttl "\0" length

static void assert_name(const char *bytes, size_t length, size_t at, const char *wanted, size_t end)
{
    char text[DNS_TEXT_MAX];

    assert_true(dns_name((const unsigned char *)bytes, length, &at, text));
    assert_string_equal(text, wanted);
    assert_int_equal(at, end);
}

static void refuse_name(const char *bytes, size_t length, size_t at)
{
    char text[DNS_TEXT_MAX];

    assert_false(dns_name((const unsigned char *)bytes, length, &at, text));
}

static void names_are_read(void **state)
{
    (void)state;
    assert_name("\1A\4Test\0", 8, 0, "a.test", 8);
    assert_name("\0", 1, 0, ".", 1);
    assert_name("\4test\0\1a\xc0\0", 10, 6, "a.test", 10);
    assert_name("\4test\0\xc0\0\1b\xc0\6", 12, 8, "b.test", 12);
    assert_name("\3a.b\1\0\0", 7, 0, "a\\046b.\\000", 7);
}

static void hostile_names_are_refused(void **state)
{
    char longest[256], text[DNS_TEXT_MAX];
    size_t at = 0;

    (void)state;
    refuse_name("", 0, 0);
    refuse_name("\1", 1, 0);
    refuse_name("\1a", 2, 0);
    refuse_name("\xc0", 1, 0);
    refuse_name("\xc0\0", 2, 0);       /* itself */
    refuse_name("\xc0\2\xc0\0", 4, 2); /* a circle of two */
    refuse_name("\1a\xc0\0", 4, 0);    /* back to its own beginning */
    refuse_name("\1a\xc0\x7f", 4, 0);  /* beyond the end */
    refuse_name("\x40xxxx", 5, 0);     /* neither length nor pointer */
    /* 255 octets on the wire, and not one more. */
    memset(longest, 0xff, sizeof longest);
    longest[0] = longest[64] = (char)63;
    longest[128] = 63;
    longest[192] = 61;
    longest[254] = 0;
    assert_true(dns_name((const unsigned char *)longest, 255, &at, text));
    assert_int_equal(strlen(text), 4 * (63 * 3 + 61) + 3);
    longest[192] = 62;
    longest[255] = 0;
    refuse_name(longest, 256, 0);
}

static void addresses_are_read(void **state)
{
    base_arena arena = {0};
    dns_answer answer;
    io_address address;
    char text[IO_ADDRESS_TEXT];

    (void)state;
    dns_answer_read(BYTES(HEAD("\x81\x80", "\2") "\0\1\0\1" RECORD("\1", "\x3c", "\4") "\xc0\0\2\1" RECORD(
                        "\1", "\x1e", "\4") "\xc0\0\2\2"),
                    DNS_A, &arena, &answer);
    assert_int_equal(answer.status, FACTS_DNS_ANSWERED);
    assert_int_equal(answer.count, 2);
    assert_int_equal(answer.values[0].ttl, 60);
    assert_int_equal(answer.ttl, 30);
    assert_true(dns_address(answer.values[1].data, 443, &address));
    io_address_format(&address, text);
    assert_string_equal(text, "192.0.2.2");
    assert_int_equal(io_address_port(&address), 443);
    assert_false(dns_address(DATA("abc"), 443, &address));
    /* Of another type or name: no answer to the question. */
    dns_answer_read(BYTES(HEAD("\x81\x80", "\1") "\0\x1c\0\1" RECORD("\1", "\x3c", "\4") "\xc0\0\2\1"), DNS_AAAA,
                    &arena, &answer);
    assert_int_equal(answer.status, FACTS_DNS_NO_DATA);
    dns_answer_read(BYTES(HEAD("\x81\x80", "\1") "\0\1\0\1\1b\0\0\1\0\1\0\0\0\1\0\4\1\2\3\4"), DNS_A, &arena, &answer);
    assert_int_equal(answer.count, 0);
    base_arena_done(&arena);
}

static void aliases_are_followed_in_any_order(void **state)
{
    base_arena arena = {0};
    dns_answer answer;

    (void)state;
    /* c: 192.0.2.1; b: CNAME c; a.test: CNAME b. */
    dns_answer_read(BYTES(HEAD("\x81\x80", "\3") "\0\1\0\1\1c\0\0\1\0\1\0\0\0\x3c\0\4\xc0\0\2\1"
                                                 "\1b\0\0\5\0\1\0\0\0\x3c\0\3\1c\0" RECORD("\5", "\x09", "\3") "\1b\0"),
                    DNS_A, &arena, &answer);
    assert_int_equal(answer.status, FACTS_DNS_ANSWERED);
    assert_int_equal(answer.alias_count, 2);
    assert_string_equal(answer.aliases[0].from, "a.test");
    assert_string_equal(answer.aliases[0].to, "b");
    assert_string_equal(answer.aliases[1].to, "c");
    assert_int_equal(answer.aliases[0].ttl, 9);
    assert_int_equal(answer.ttl, 9);
    assert_int_equal(answer.count, 1);
    /* An alias of itself leads nowhere, and ends. */
    dns_answer_read(BYTES(HEAD("\x81\x80", "\1") "\0\1\0\1" RECORD("\5", "\1", "\2") "\xc0\x0c"), DNS_A, &arena,
                    &answer);
    assert_int_equal(answer.status, FACTS_DNS_MALFORMED);
    assert_int_equal(answer.alias_count, 0);
    /* One of a name that does not exist. */
    dns_answer_read(BYTES(HEAD("\x81\x83", "\1") "\0\1\0\1" RECORD("\5", "\1", "\3") "\1b\0"), DNS_A, &arena, &answer);
    assert_int_equal(answer.status, FACTS_DNS_NAME_UNKNOWN);
    assert_int_equal(answer.alias_count, 1);
    base_arena_done(&arena);
}

static void codes_and_cuts_are_told_apart(void **state)
{
    static const struct {
        const char *flags;
        facts_dns_status status;
    } codes[] = {{"\x81\x80", FACTS_DNS_NO_DATA},        {"\x81\x83", FACTS_DNS_NAME_UNKNOWN},
                 {"\x81\x82", FACTS_DNS_SERVER_FAILURE}, {"\x81\x85", FACTS_DNS_REFUSED},
                 {"\x81\x81", FACTS_DNS_SERVER_FAILURE}, {"\x81\x84", FACTS_DNS_SERVER_FAILURE}};
    char whole[] = HEAD("\x81\x80", "\1") "\0\1\0\1" RECORD("\1", "\x3c", "\4") "\xc0\0\2\1";
    base_arena arena = {0};
    dns_answer answer;

    (void)state;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        unsigned char message[] = HEAD("\0\0", "\0") "\0\1\0\1";

        memcpy(message + 2, codes[i].flags, 2);
        dns_answer_read(message, sizeof message - 1, DNS_A, &arena, &answer);
        assert_int_equal(answer.status, codes[i].status);
    }
    for (size_t length = 0; length < sizeof whole - 1; length++) {
        dns_answer_read((const unsigned char *)whole, length, DNS_A, &arena, &answer);
        assert_int_equal(answer.status, FACTS_DNS_MALFORMED);
    }
    base_arena_done(&arena);
}

static void negative_answers_say_how_long_they_hold(void **state)
{
    base_arena arena = {0};
    dns_answer answer;

    (void)state;
    /* SOA, TTL 60, MINIMUM 7. */
    dns_answer_read(BYTES("\0\1\x81\x83\0\1\0\0\0\1\0\0\1a\4test\0\0\1\0\1\xc0\x0e\0\6\0\1\0\0\0\x3c\0\x16\0\0"
                          "\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\7"),
                    DNS_A, &arena, &answer);
    assert_int_equal(answer.status, FACTS_DNS_NAME_UNKNOWN);
    assert_int_equal(answer.ttl, 7);
    /* A TTL with the highest bit set is 0. */
    dns_answer_read(BYTES(HEAD("\x81\x80", "\1") "\0\1\0\1\xc0\x0c\0\1\0\1\x80\0\0\1\0\4\1\2\3\4"), DNS_A, &arena,
                    &answer);
    assert_int_equal(answer.count, 1);
    assert_int_equal(answer.ttl, 0);
    base_arena_done(&arena);
}

static void caa_is_read(void **state)
{
    facts_caa_record caa;

    (void)state;
    assert_true(dns_caa_read(DATA("\x80\5issueca.test; x=1"), &caa));
    assert_int_equal(caa.flags, 128);
    assert_int_equal(caa.tag.length, 5);
    assert_memory_equal(caa.value.data, "ca.test; x=1", caa.value.length);
    assert_int_equal(caa.value.length, 12);
    assert_true(dns_caa_read(DATA("\0\1i"), &caa));
    assert_int_equal(caa.value.length, 0);
    assert_false(dns_caa_read(DATA(""), &caa));
    assert_false(dns_caa_read(DATA("\0\0x"), &caa));
    assert_false(dns_caa_read(DATA("\0\2x"), &caa));
}

/* -- HTTPS records ------------------------------------------------------------------------------------------------- */

static void https_records_are_read(void **state)
{
    base_arena arena = {0};
    facts_https_record svcb;

    (void)state;
    assert_null(dns_svcb_read(DATA("\0\1\0"
                                   "\0\0\0\4\0\1\0\3"
                                   "\0\1\0\6\2h3\2h2"
                                   "\0\2\0\0"
                                   "\0\3\0\2\x20\xfb"
                                   "\0\4\0\10\xc0\0\2\1\xc0\0\2\2"
                                   "\0\5\0\3ech"
                                   "\0\6\0\20\x20\1\r\xb8\0\0\0\0\0\0\0\0\0\0\0\1"
                                   "\0\7\0\2/q"),
                              &arena, &svcb));
    assert_int_equal(svcb.priority, 1);
    assert_string_equal(svcb.target, ".");
    assert_int_equal(svcb.mandatory_count, 2);
    assert_int_equal(svcb.mandatory[1], FACTS_HTTPS_PORT);
    assert_int_equal(svcb.alpn_count, 2);
    assert_memory_equal(svcb.alpn[1].data, "h2", 2);
    assert_true(svcb.no_default_alpn);
    assert_int_equal(svcb.port, 8443);
    assert_int_equal(svcb.ipv4hint_count, 2);
    assert_string_equal(svcb.ipv4hint[1], "192.0.2.2");
    assert_string_equal(svcb.ipv6hint[0], "2001:db8::1");
    assert_true(svcb.ech);
    assert_int_equal(svcb.unknown_count, 1);
    assert_int_equal(svcb.unknown[0].key, 7);
    /* An alias; its parameters mean nothing. */
    assert_null(dns_svcb_read(DATA("\0\0\1a\4test\0\0\2\0\0"), &arena, &svcb));
    assert_int_equal(svcb.priority, 0);
    assert_string_equal(svcb.target, "a.test");
    assert_int_equal(svcb.port, -1);
    base_arena_done(&arena);
}

static void refuse_svcb(hf_span data, const char *fault)
{
    base_arena arena = {0};
    facts_https_record svcb;
    const char *got = dns_svcb_read(data, &arena, &svcb);

    assert_non_null(got);
    assert_string_equal(got, fault);
    base_arena_done(&arena);
}

static void malformed_https_records_are_refused(void **state)
{
    (void)state;
    refuse_svcb(DATA("\0\1"), "the record is cut");
    refuse_svcb(DATA("\0\1\1a"), "the target is no name");
    refuse_svcb(DATA("\0\1\xc0\0"), "the target is no name");
    refuse_svcb(DATA("\0\1\1a\xc0\0"), "the target is no name");
    refuse_svcb(DATA("\0\1\0\0\1\0"), "the record ends within a parameter");
    refuse_svcb(DATA("\0\1\0\0\1\0\4\2h2"), "the record ends within a parameter");
    refuse_svcb(DATA("\0\1\0\0\3\0\2\1\xbb\0\1\0\3\2h2"), "the keys are not in strictly increasing order");
    refuse_svcb(DATA("\0\1\0\0\3\0\2\1\xbb\0\3\0\2\1\xbb"), "the keys are not in strictly increasing order");
    refuse_svcb(DATA("\0\1\0\0\0\0\0"), "the value of mandatory is malformed");
    refuse_svcb(DATA("\0\1\0\0\0\0\2\0\0"), "the value of mandatory is malformed");
    refuse_svcb(DATA("\0\1\0\0\0\0\4\0\3\0\1"), "the value of mandatory is malformed");
    refuse_svcb(DATA("\0\1\0\0\0\0\2\0\3"), "a key that is mandatory is not there");
    refuse_svcb(DATA("\0\1\0\0\1\0\0"), "the value of alpn is malformed");
    refuse_svcb(DATA("\0\1\0\0\1\0\4\2h2\0"), "the value of alpn is malformed");
    refuse_svcb(DATA("\0\1\0\0\1\0\3\3h2"), "the value of alpn is malformed");
    refuse_svcb(DATA("\0\1\0\0\2\0\1x"), "no-default-alpn has a value");
    refuse_svcb(DATA("\0\1\0\0\2\0\0"), "no-default-alpn without alpn");
    refuse_svcb(DATA("\0\1\0\0\3\0\1\1"), "the value of port is malformed");
    refuse_svcb(DATA("\0\1\0\0\4\0\3\1\2\3"), "the value of ipv4hint is malformed");
    refuse_svcb(DATA("\0\1\0\0\4\0\0"), "the value of ipv4hint is malformed");
    refuse_svcb(DATA("\0\1\0\0\5\0\0"), "the value of ech is empty");
    refuse_svcb(DATA("\0\1\0\0\6\0\4\1\2\3\4"), "the value of ipv6hint is malformed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_read),
        cmocka_unit_test(hostile_names_are_refused),
        cmocka_unit_test(addresses_are_read),
        cmocka_unit_test(aliases_are_followed_in_any_order),
        cmocka_unit_test(codes_and_cuts_are_told_apart),
        cmocka_unit_test(negative_answers_say_how_long_they_hold),
        cmocka_unit_test(caa_is_read),
        cmocka_unit_test(https_records_are_read),
        cmocka_unit_test(malformed_https_records_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
