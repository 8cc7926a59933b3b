/* Which levels of nginx lose the HSTS header, and which servers have none: each rule from a configuration, and near
 * misses of it. */
#include "lib/linted.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define CHECK(cases) linted_check(config_platform_find("nginx"), cases, sizeof(cases) / sizeof *(cases))
#define TLS "server {\nlisten 443 ssl;\nserver_name a.test;\n"

static void a_level_drops_what_is_above(void **state)
{
    static const linted_case cases[] = {
        {.text = TLS LINTED_HSTS "\nlocation / {\n    add_header X-A b;\n}\n}\n",
         .wanted = {{RULE_ADD_HEADER_DROPPED, 6}},
         .mended = TLS LINTED_HSTS "\nlocation / {\n    " LINTED_HSTS "\n    add_header X-A b;\n}\n}\n"},
        {.text = TLS LINTED_HSTS "\nlocation / { add_header X-A b; }\n}\n",
         .wanted = {{RULE_ADD_HEADER_DROPPED, 5}},
         .mended = TLS LINTED_HSTS "\nlocation / { " LINTED_HSTS " add_header X-A b; }\n}\n"},
        {.text = TLS LINTED_HSTS "\nlocation / {\nif ($request_method = OPTIONS) {\nadd_header X-A b;\n}\n}\n}\n",
         .wanted = {{RULE_ADD_HEADER_DROPPED, 7}},
         .mended = TLS LINTED_HSTS "\nlocation / {\nif ($request_method = OPTIONS) {\n" LINTED_HSTS
                                   "\nadd_header X-A b;\n}\n}\n}\n"},
        {.text = TLS LINTED_HSTS "\nlocation / {\nadd_header X-A b;\n" LINTED_HSTS "\n}\n}\n"},
        {.text = TLS LINTED_HSTS "\nlocation / {\nadd_header_inherit merge;\nadd_header X-A b;\n}\n}\n"},
        {.text = TLS LINTED_HSTS "\nlocation / {\nadd_header X-A b;\nreturn 444;\n}\n}\n"},
        {.text = TLS LINTED_HSTS "\nlocation / {\nexpires 1d;\n}\n}\n"},
        {.text = "more_set_headers \"Strict-Transport-Security: max-age=31536000; includeSubDomains\";\n" TLS
                 "location / {\nadd_header X-A b;\n}\n}\n"},
        /* The location inherits from the one around it, which has lost it before. */
        {.text = TLS LINTED_HSTS "\nlocation / {\nadd_header X-A b;\nlocation /a {\nadd_header X-B c;\n}\n}\n}\n",
         .wanted = {{RULE_ADD_HEADER_DROPPED, 6}},
         .mended = TLS LINTED_HSTS "\nlocation / {\n" LINTED_HSTS
                                   "\nadd_header X-A b;\nlocation /a {\nadd_header X-B c;\n}\n}\n}\n"},
        {.text = "server {\nlisten 443 ssl;\nadd_header X-A b;\n}\n" LINTED_HSTS,
         .wanted = {{RULE_ADD_HEADER_DROPPED, 3}},
         .mended = "server {\nlisten 443 ssl;\n" LINTED_HSTS "\nadd_header X-A b;\n}\n" LINTED_HSTS},
        /* Plain HTTP has nothing to lose. */
        {.text = "server {\nlisten 80;\nadd_header X-A b;\nreturn 301 https://$host$request_uri;\n}\n"
                 "map $scheme $hsts { https \"max-age=31536000; includeSubDomains\"; }\n"
                 "add_header Strict-Transport-Security $hsts always;\n"},
    };

    (void)state;
    CHECK(cases);
}

static void inheritance_is_turned_off(void **state)
{
    static const linted_case cases[] = {
        {.text = TLS LINTED_HSTS "\nlocation / {\nadd_header_inherit off;\nadd_header X-A b;\n}\n}\n",
         .wanted = {{RULE_INHERIT_OFF_DROPS, 5}},
         .mended =
             TLS LINTED_HSTS "\nlocation / {\n" LINTED_HSTS "\nadd_header_inherit off;\nadd_header X-A b;\n}\n}\n"},
        {.text = TLS LINTED_HSTS "\nlocation / {\nadd_header_inherit off;\n" LINTED_HSTS "\n}\n}\n"},
        {.text = TLS LINTED_HSTS "\nlocation / {\nadd_header_inherit on;\n}\n}\n"},
    };

    (void)state;
    CHECK(cases);
}

static void the_header_of_the_application_is_removed(void **state)
{
    static const linted_case cases[] = {
        {.text = TLS "location / {\nproxy_hide_header Strict-Transport-Security;\nproxy_pass http://b;\n}\n}\n",
         .wanted = {{RULE_HSTS_STRIPPED, 5}}},
        {.text = TLS "more_clear_headers Strict-Transport-Security;\nlocation / {\nproxy_pass http://b;\n}\n}\n",
         .wanted = {{RULE_HSTS_MISSING, 1}, {RULE_HSTS_STRIPPED, 4}}},
        {.text = TLS LINTED_HSTS
         "\nlocation / {\nproxy_hide_header Strict-Transport-Security;\nproxy_pass http://b;\n}\n}\n"},
        {.text = TLS LINTED_HSTS "\nlocation / {\nproxy_hide_header X-Powered-By;\nproxy_hide_header "
                                 "strict-transport-security;\nproxy_pass http://b;\n}\n}\n"},
    };

    (void)state;
    CHECK(cases);
}

static void a_server_has_none(void **state)
{
    static const linted_case cases[] = {
        {.text = TLS "root /srv;\n}\n", .wanted = {{RULE_HSTS_MISSING, 1}}},
        {.text = TLS "return 301 https://www.a.test$request_uri;\n}\n", .wanted = {{RULE_HSTS_MISSING, 1}}},
        {.text = TLS "location / {\nadd_header X-A b;\n}\n}\n", .wanted = {{RULE_HSTS_MISSING, 1}}},
        {.text = TLS "return 444;\n}\n"},
        {.text = TLS "location / {\nreturn 421;\n}\n}\n"},
        {.text = "server {\nlisten 443 ssl;\nssl_reject_handshake on;\n}\n"},
        {.text = TLS LINTED_HSTS "\nroot /srv;\n}\n"},
        {.text = "server {\nlisten 80;\nroot /srv;\n}\n"},
        {.text = TLS "add_header Strict-Transport-Security $policy always;\n}\n",
         .wanted = {{RULE_VARIABLE_UNKNOWN, 4}}},
        /* A part of a server says nothing about the rest of it. */
        {.text = "add_header X-A b;\n", .context = "server"},
    };

    (void)state;
    CHECK(cases);
}

static void some_locations_have_it(void **state)
{
    static const linted_case cases[] = {
        {.text = TLS "location / {\nroot /srv;\n}\nlocation /a {\n" LINTED_HSTS "\n}\n}\n",
         .wanted = {{RULE_PARTIAL_SCOPE, 1}}},
        {.text = TLS "location /a {\n" LINTED_HSTS "\n}\n}\n", .wanted = {{RULE_PARTIAL_SCOPE, 1}}},
        {.text = TLS "location / {\n" LINTED_HSTS "\n}\nlocation /a {\n" LINTED_HSTS "\n}\n}\n"},
        {.text = TLS "location / {\n" LINTED_HSTS "\n}\nlocation @app {\nroot /srv;\n}\n}\n"},
        {.text = TLS "location / {\nif ($scheme = https) {\n" LINTED_HSTS "\n}\n}\n}\n"},
        {.text = TLS "location / {\nif ($request_method = GET) {\n" LINTED_HSTS "\n}\n}\n}\n",
         .wanted = {{RULE_PARTIAL_SCOPE, 1}}},
    };

    (void)state;
    CHECK(cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_level_drops_what_is_above),
        cmocka_unit_test(inheritance_is_turned_off),
        cmocka_unit_test(the_header_of_the_application_is_removed),
        cmocka_unit_test(a_server_has_none),
        cmocka_unit_test(some_locations_have_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
