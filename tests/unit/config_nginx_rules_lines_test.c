/* Files and single lines of nginx that are wrong wherever they stand: each rule from a configuration, and near misses
 * of it. */
#include "lib/linted.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define CHECK(cases) linted_check(config_platform_find("nginx"), cases, sizeof(cases) / sizeof *(cases))
#define TLS "server {\nlisten 443 ssl;\nserver_name a.test;\n"
#define V(major, minor, patch)                                                                                         \
    {                                                                                                                  \
        major, minor, patch                                                                                            \
    }

static void the_text_cannot_be_read(void **state)
{
    static const linted_case cases[] = {
        {.text = TLS LINTED_HSTS "\nroot \"/srv;\n}\n", .wanted = {{RULE_SYNTAX_ERROR, 5}}},
        {.text = TLS LINTED_HSTS "\nroot /srv\n}\n", .wanted = {{RULE_SYNTAX_ERROR, 5}}},
        {.text = TLS LINTED_HSTS "\n", .wanted = {{RULE_SYNTAX_ERROR, 1}}},
        {.text = TLS LINTED_HSTS "\n}\n}\n", .wanted = {{RULE_SYNTAX_ERROR, 6}}},
        {.text = TLS LINTED_HSTS "\nadd_header X-A;\n}\n", .wanted = {{RULE_SYNTAX_ERROR, 5}}},
        {.text = TLS LINTED_HSTS "\nadd_header X-A b always c;\n}\n", .wanted = {{RULE_SYNTAX_ERROR, 5}}},
        {.text = TLS LINTED_HSTS "\nadd_header X-A b Always;\n}\n", .wanted = {{RULE_SYNTAX_ERROR, 5}}},
        {.text = TLS LINTED_HSTS "\nadd_trailer X-A b c;\n}\n", .wanted = {{RULE_SYNTAX_ERROR, 5}}},
        {.text = TLS LINTED_HSTS "\nadd_header X-A it\"s;\nadd_header X-B \"it's\" always;\n}\n"},
        {.text = TLS LINTED_HSTS "\nadd_header X-A {{ value }};\n}\n"},
        {.text = TLS LINTED_HSTS "\nadd_header X-A {{ value }} {{ always }} {{ more }};\n}\n"},
    };

    (void)state;
    CHECK(cases);
}

static void an_include_leads_nowhere(void **state)
{
    static const linted_case cases[] = {
        {.text = TLS LINTED_HSTS "\ninclude gone.conf;\n}\n", .wanted = {{RULE_INCLUDE_UNRESOLVED, 5}}},
        {.text = TLS LINTED_HSTS "\ninclude $name.conf;\n}\n", .wanted = {{RULE_INCLUDE_UNRESOLVED, 5}}},
        {.text = TLS LINTED_HSTS "\ninclude fastcgi_params;\n}\n"},
        {.text = TLS LINTED_HSTS "\ninclude gone/*.conf;\n}\n"},
    };

    (void)state;
    CHECK(cases);
}

static void the_header_is_in_a_comment(void **state)
{
    static const linted_case cases[] = {
        {.text = TLS "# add_header Strict-Transport-Security \"max-age=31536000\" always;\n}\n",
         .wanted = {{RULE_HSTS_MISSING, 1}, {RULE_HSTS_COMMENTED, 4}}},
        {.text = TLS "##add_header  strict-transport-security $hsts;\n}\n",
         .wanted = {{RULE_HSTS_MISSING, 1}, {RULE_HSTS_COMMENTED, 4}}},
        {.text = TLS "# more_set_headers 'Strict-Transport-Security: max-age=31536000';\n}\n",
         .wanted = {{RULE_HSTS_MISSING, 1}, {RULE_HSTS_COMMENTED, 4}}},
        {.text = TLS "# add_header Strict-Transport-Security is set by the application\n}\n",
         .wanted = {{RULE_HSTS_MISSING, 1}}},
        {.text = TLS "# add_header X-Strict-Transport-Security max-age=1;\n}\n", .wanted = {{RULE_HSTS_MISSING, 1}}},
        {.text = TLS "# add_header Strict-Transport-Security \"max-age=300\" always;\n" LINTED_HSTS "\n}\n"},
    };

    (void)state;
    CHECK(cases);
}

static void the_version_does_not_know_it(void **state)
{
    static const linted_case cases[] = {
        {.text = TLS LINTED_HSTS "\n}\n",
         .wanted = {{RULE_VERSION_UNSUPPORTED, 4}},
         .mended = TLS "add_header Strict-Transport-Security \"max-age=31536000; includeSubDomains\";\n}\n",
         .version = V(1, 7, 4)},
        {.text = TLS LINTED_HSTS "\n}\n", .version = V(1, 7, 5)},
        {.text = TLS LINTED_HSTS "\nhttp2 on;\n}\n", .wanted = {{RULE_VERSION_UNSUPPORTED, 5}}, .version = V(1, 25, 0)},
        {.text = TLS LINTED_HSTS "\nhttp2 on;\n}\n", .version = V(1, 25, 1)},
        {.text = "server {\nlisten 443 ssl;\nlisten 443 quic;\n" LINTED_HSTS "\n}\n",
         .wanted = {{RULE_VERSION_UNSUPPORTED, 3}},
         .version = V(1, 24, 0)},
        {.text = TLS LINTED_HSTS "\nlocation / {\nadd_header_inherit merge;\nadd_header X-A b;\n}\n}\n",
         .wanted = {{RULE_VERSION_UNSUPPORTED, 6}},
         .version = V(1, 29, 2)},
        {.text = TLS LINTED_HSTS "\nlocation / {\nadd_header_inherit merge;\nadd_header X-A b;\n}\n}\n",
         .version = V(1, 29, 3)},
        {.text = TLS "ssl_reject_handshake on;\n}\n",
         .wanted = {{RULE_VERSION_UNSUPPORTED, 4}},
         .version = V(1, 19, 3)},
        {.text = TLS "ssl_reject_handshake on;\n}\n", .version = V(1, 19, 4)},
        {.text = "server {\nlisten 80;\nreturn 308 https://$host$request_uri;\n}\n",
         .wanted = {{RULE_VERSION_UNSUPPORTED, 3}},
         .version = V(1, 12, 2)},
        {.text = TLS LINTED_HSTS "\nssl on;\n}\n",
         .wanted = {{RULE_VERSION_UNSUPPORTED, 5}},
         .mended = TLS LINTED_HSTS "\n}\n",
         .version = V(1, 25, 1)},
    };

    (void)state;
    CHECK(cases);
}

static void ssl_is_a_directive(void **state)
{
    static const linted_case cases[] = {
        {.text = "server {\nlisten 443;\nserver_name a.test;\nssl on;\n" LINTED_HSTS "\n}\n",
         .wanted = {{RULE_SSL_ON_REMOVED, 4}},
         .mended = "server {\nlisten 443 ssl;\nserver_name a.test;\n" LINTED_HSTS "\n}\n"},
        {.text = TLS "ssl on;\n" LINTED_HSTS "\n}\n",
         .wanted = {{RULE_SSL_ON_REMOVED, 4}},
         .mended = TLS LINTED_HSTS "\n}\n"},
        /* Port 80 speaks TLS too now, which nobody meant. */
        {.text = "server {\nlisten 80;\nlisten 443;\nserver_name a.test;\nssl on;\n" LINTED_HSTS "\n}\n",
         .wanted = {{RULE_SSL_ON_REMOVED, 5}}},
        {.text = TLS "ssl_session_timeout 1d;\n" LINTED_HSTS "\n}\n"},
    };

    (void)state;
    CHECK(cases);
}

static void the_place_is_wrong(void **state)
{
    static const linted_case cases[] = {
        {.text = TLS LINTED_HSTS "\nif ($host = b.test) {\nadd_header X-A b;\n}\n}\n",
         .wanted = {{RULE_BAD_CONTEXT, 6}}},
        {.text = TLS "if ($scheme = https) {\n" LINTED_HSTS "\n}\n}\n", .wanted = {{RULE_BAD_CONTEXT, 5}}},
        {.text = TLS LINTED_HSTS "\nlocation / {\nlimit_except GET {\nadd_header X-A b;\n}\n}\n}\n",
         .wanted = {{RULE_BAD_CONTEXT, 7}}},
        {.text = TLS LINTED_HSTS "\nproxy_pass http://b;\n}\n", .wanted = {{RULE_BAD_CONTEXT, 5}}},
        {.text = TLS LINTED_HSTS "\nlocation / {\nlisten 80;\n}\n}\n", .wanted = {{RULE_BAD_CONTEXT, 6}}},
        {.text = "events {\n}\nadd_header X-A b;\nhttp {\n" TLS LINTED_HSTS "\n}\n}\n",
         .wanted = {{RULE_BAD_CONTEXT, 3}}},
        {.text = "upstream b {\nserver b.test;\nadd_header X-A b;\n}\n" TLS LINTED_HSTS "\n}\n",
         .wanted = {{RULE_BAD_CONTEXT, 3}}},
        {.text = TLS LINTED_HSTS "\nlocation / {\nif ($host = b.test) {\n" LINTED_HSTS "\n}\n}\n}\n"},
        {.text = TLS LINTED_HSTS "\nif ($host = b.test) {\nset $a b;\nreturn 404;\n}\n}\n"},
        {.text = LINTED_HSTS "\nproxy_pass http://b;\nproxy_hide_header Strict-Transport-Security;\n",
         .context = "server"},
    };

    (void)state;
    CHECK(cases);
}

static void the_value_ends_at_a_semicolon(void **state)
{
    static const linted_case cases[] = {
        {.text = TLS "add_header Strict-Transport-Security max-age=31536000; includeSubDomains always;\n}\n",
         .wanted = {{RULE_UNQUOTED_SEMICOLON, 4}, {RULE_INCLUDESUBDOMAINS_MISSING, 4}},
         .mended = TLS "add_header Strict-Transport-Security \"max-age=31536000; includeSubDomains\" always;\n}\n"},
        {.text = TLS "add_header Strict-Transport-Security max-age=63072000;includesubdomains;preload;\n}\n",
         .wanted = {{RULE_NO_ALWAYS, 4}, {RULE_UNQUOTED_SEMICOLON, 4}, {RULE_INCLUDESUBDOMAINS_MISSING, 4}}},
        {.text = TLS "add_header Strict-Transport-Security \"max-age=31536000\"; includeSubDomains always;\n}\n",
         .wanted = {{RULE_UNQUOTED_SEMICOLON, 4}, {RULE_INCLUDESUBDOMAINS_MISSING, 4}}},
        {.text = TLS "add_header Strict-Transport-Security max-age=31536000; includeSubDomains\" always;\n}\n",
         .wanted = {{RULE_UNQUOTED_SEMICOLON, 4}, {RULE_INCLUDESUBDOMAINS_MISSING, 4}}},
        {.text = TLS "add_header Strict-Transport-Security max-age=31536000 always;\n}\n",
         .wanted = {{RULE_INCLUDESUBDOMAINS_MISSING, 4}}},
        {.text = TLS LINTED_HSTS " root /srv;\n}\n"},
        {.text = TLS LINTED_HSTS "\nadd_header X-A b; preload_files on;\n}\n"},
    };

    (void)state;
    CHECK(cases);
}

static void the_header_is_a_trailer(void **state)
{
    static const linted_case cases[] = {
        {.text = TLS "add_trailer Strict-Transport-Security \"max-age=31536000\";\n}\n",
         .wanted = {{RULE_TRAILER_NOT_HEADER, 4}},
         .mended = TLS "add_header Strict-Transport-Security \"max-age=31536000\" always;\n}\n"},
        {.text = TLS "add_trailer strict-transport-security \"max-age=31536000\" always;\n}\n",
         .wanted = {{RULE_TRAILER_NOT_HEADER, 4}},
         .mended = TLS "add_header strict-transport-security \"max-age=31536000\" always;\n}\n"},
        /* The line would keep those of the server out. */
        {.text = TLS LINTED_HSTS "\nlocation / {\nadd_trailer Strict-Transport-Security \"max-age=31536000\";\n}\n}\n",
         .wanted = {{RULE_TRAILER_NOT_HEADER, 6}}},
        {.text = TLS LINTED_HSTS "\nadd_trailer X-Checksum $sum;\n}\n"},
    };

    (void)state;
    CHECK(cases);
}

static void http2_forbids_the_header(void **state)
{
    static const linted_case cases[] = {
        {.text = "server {\nlisten 443 ssl http2;\n" LINTED_HSTS "\nadd_header Connection close;\n}\n",
         .wanted = {{RULE_UPGRADE_PASSED_ON, 4}}},
        {.text = "add_header Upgrade h2c;\n" LINTED_HSTS "\nserver {\nlisten 443 ssl;\nhttp2 on;\n}\n",
         .wanted = {{RULE_UPGRADE_PASSED_ON, 1}}},
        {.text = "server {\nlisten 443 ssl http2;\n" LINTED_HSTS "\nlocation / {\nproxy_pass http://b;\n"
                 "proxy_hide_header Strict-Transport-Security;\nproxy_pass_header Upgrade;\n}\n}\n",
         .wanted = {{RULE_UPGRADE_PASSED_ON, 7}}},
        {.text = TLS LINTED_HSTS "\nadd_header Connection close;\n}\n"},
        {.text = "server {\nlisten 443 ssl http2;\n" LINTED_HSTS "\nadd_header Connection \"\";\n}\n"},
        {.text = "server {\nlisten 443 ssl http2;\n" LINTED_HSTS "\nlocation / {\nproxy_pass http://b;\n"
                 "proxy_hide_header Strict-Transport-Security;\nproxy_set_header Upgrade $http_upgrade;\n"
                 "proxy_set_header Connection upgrade;\n}\n}\n"},
    };

    (void)state;
    CHECK(cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_text_cannot_be_read),
        cmocka_unit_test(an_include_leads_nowhere),
        cmocka_unit_test(the_header_is_in_a_comment),
        cmocka_unit_test(the_version_does_not_know_it),
        cmocka_unit_test(ssl_is_a_directive),
        cmocka_unit_test(the_place_is_wrong),
        cmocka_unit_test(the_value_ends_at_a_semicolon),
        cmocka_unit_test(the_header_is_a_trailer),
        cmocka_unit_test(http2_forbids_the_header),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
