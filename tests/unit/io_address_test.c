/* Which addresses are not those of hosts on the Internet. */
#include "io/address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void assert_private(const char *const *texts, bool wanted)
{
    io_address address;

    for (; *texts != NULL; texts++) {
        assert_true(io_address_parse(*texts, 443, &address));
        if (io_address_is_private(&address) != wanted)
            fail_msg("%s", *texts);
    }
}

static void private_addresses_are_known(void **state)
{
    static const char *const inside[] = {"0.0.0.0",
                                         "10.255.255.255",
                                         "100.64.0.1",
                                         "100.127.255.255",
                                         "127.0.0.1",
                                         "169.254.169.254",
                                         "172.16.0.1",
                                         "172.31.255.255",
                                         "192.0.0.1",
                                         "192.168.1.1",
                                         "198.19.0.1",
                                         "224.0.0.1",
                                         "255.255.255.255",
                                         "::",
                                         "::1",
                                         "::127.0.0.1",
                                         "::ffff:10.0.0.1",
                                         "::ffff:169.254.169.254",
                                         "64:ff9b::192.168.0.1",
                                         "64:ff9b:1::10.0.0.1",
                                         "2002:7f00:1::",
                                         "fc00::1",
                                         "fdff::1",
                                         "fe80::1",
                                         "febf::1",
                                         "fec0::1",
                                         "ff02::1",
                                         NULL};
    static const char *const outside[] = {"1.1.1.1",         "9.255.255.255",
                                          "11.0.0.0",        "100.63.255.255",
                                          "100.128.0.0",     "126.255.255.255",
                                          "128.0.0.0",       "169.253.255.255",
                                          "172.15.255.255",  "172.32.0.0",
                                          "192.0.1.1",       "192.167.255.255",
                                          "198.17.0.0",      "198.20.0.0",
                                          "223.255.255.255", "2001:db8::1",
                                          "::ffff:1.1.1.1",  "64:ff9b::1.1.1.1",
                                          "2002:101:101::",  "fbff::1",
                                          "fe7f::1",         NULL};

    (void)state;
    assert_private(inside, true);
    assert_private(outside, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(private_addresses_are_known)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
