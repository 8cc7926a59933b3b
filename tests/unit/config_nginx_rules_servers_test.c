/* Servers of nginx: ports, redirects, and whom they answer for: each rule from a configuration, and near misses of it.
 */
#include "lib/linted.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CHECK(cases) linted_check(config_platform_find("nginx"), cases, sizeof(cases) / sizeof *(cases))
#define TLS "server {\nlisten 443 ssl;\nserver_name a.test;\n" LINTED_HSTS "\n}\n" /* five lines */
#define PAIR "ssl_certificate a.pem;\nssl_certificate_key a.key;\n"
#define HOME "return 301 https://$host$request_uri;\n"

static void port_443_has_no_tls(void **state)
{
    static const linted_case cases[] = {
        {.text = "server {\nlisten 443;\n" PAIR "}\n",
         .wanted = {{RULE_LISTEN_443_NO_SSL, 1}},
         .mended = "server {\nlisten 443 ssl;\n" PAIR "}\n"},
        {.text = "server {\nlisten 443;\n" LINTED_HSTS "\n" PAIR "}\n",
         .wanted = {{RULE_LISTEN_443_NO_SSL, 1}},
         .mended = "server {\nlisten 443 ssl;\n" LINTED_HSTS "\n" PAIR "}\n"},
        {.text = "server {\nlisten 443 default_server;\nlisten [::]:443;\n" PAIR "}\n",
         .wanted = {{RULE_LISTEN_443_NO_SSL, 1}},
         .mended = "server {\nlisten 443 ssl default_server;\nlisten [::]:443 ssl;\n" PAIR "}\n"},
        /* With `ssl` nginx would not start: there is no certificate. */
        {.text = "server {\nlisten 443;\n}\n", .wanted = {{RULE_LISTEN_443_NO_SSL, 1}}},
        {.text = "server {\nlisten 443;\nssl on;\n" PAIR "}\n",
         .wanted = {{RULE_LISTEN_443_NO_SSL, 1}, {RULE_VERSION_UNSUPPORTED, 3}},
         .mended = "server {\nlisten 443 ssl;\nssl on;\n" PAIR "}\n",
         .version = {1, 26, 0}},
        {.text = "server {\nlisten 443;\nssl on;\n" LINTED_HSTS "\n}\n",
         .wanted = {{RULE_SSL_ON_REMOVED, 3}},
         .mended = "server {\nlisten 443 ssl;\n" LINTED_HSTS "\n}\n"},
        {.text = TLS "server {\nlisten 443;\nserver_name b.test;\n" LINTED_HSTS "\n}\n"},
        {.text = "server {\nlisten 127.0.0.1:443;\n}\n"},
        {.text = "server {\nlisten 443;\ninclude tls.conf;\n}\n", .wanted = {{RULE_INCLUDE_UNRESOLVED, 3}}},
    };

    (void)state;
    CHECK(cases);
}

static void plain_http_has_content(void **state)
{
    static const linted_case cases[] = {
        {.text = TLS "server {\nlisten 80;\nserver_name a.test;\nroot /srv;\n}\n",
         .wanted = {{RULE_HTTP_NO_REDIRECT, 6}}},
        {.text = TLS "server {\nlisten 80 default_server;\nlocation / {\nproxy_pass http://b;\n}\n}\n",
         .wanted = {{RULE_HTTP_NO_REDIRECT, 6}}},
        {.text = TLS "server {\nlisten 80;\nserver_name .test;\nroot /srv;\n}\n",
         .wanted = {{RULE_HTTP_NO_REDIRECT, 6}}},
        {.text = TLS "server {\nlisten 80;\nserver_name a.test;\nroot /srv;\nlocation = / {\n" HOME "}\n}\n",
         .wanted = {{RULE_HTTP_NO_REDIRECT, 6}}},
        {.text = TLS "server {\nlisten 80;\nserver_name a.test;\nlocation / {\n" HOME
                     "}\nlocation /api/ {\nproxy_pass http://b;\n}\n}\n",
         .wanted = {{RULE_HTTP_NO_REDIRECT, 6}}},
        {.text = TLS "server {\nlisten 80;\nserver_name a.test;\n" HOME "}\n"},
        {.text = TLS "server {\nlisten 80;\nserver_name a.test;\nroot /srv;\nlocation / {\n" HOME
                     "}\nlocation ^~ /.well-known/acme-challenge/ {\nproxy_pass http://b;\n}\n}\n"},
        {.text = TLS "server {\nlisten 80;\nserver_name a.test;\nroot /srv;\nrewrite ^ https://$host$request_uri "
                     "permanent;\n}\n"},
        {.text = TLS "server {\nlisten 80;\nserver_name a.test;\nif ($host = a.test) {\n" HOME "}\nreturn 404;\n}\n"},
        {.text = TLS "server {\nlisten 80;\nserver_name b.test;\nroot /srv;\n}\n"},
        {.text = TLS "server {\nlisten 127.0.0.1:80;\nserver_name a.test;\nroot /srv;\n}\n"},
        {.text = TLS "server {\nlisten 80;\nserver_name a.test;\nreturn 444;\n}\n"},
        {.text = "map $scheme $hsts {\nhttps \"max-age=31536000; includeSubDomains\";\n}\nserver {\nlisten 80;\n"
                 "listen 443 ssl;\nserver_name a.test;\nroot /srv;\nif ($scheme = http) {\n" HOME
                 "}\nadd_header Strict-Transport-Security $hsts always;\n}\n"},
    };

    (void)state;
    CHECK(cases);
}

static void a_redirect_is_temporary(void **state)
{
    static const linted_case cases[] = {
        {.text = "server {\nlisten 80;\nreturn 302 https://$host$request_uri;\n}\n",
         .wanted = {{RULE_REDIRECT_TEMPORARY, 3}},
         .mended = "server {\nlisten 80;\nreturn 301 https://$host$request_uri;\n}\n"},
        {.text = "server {\nlisten 80;\nreturn 307 https://$host$request_uri;\n}\n",
         .wanted = {{RULE_REDIRECT_TEMPORARY, 3}},
         .mended = "server {\nlisten 80;\nreturn 308 https://$host$request_uri;\n}\n"},
        {.text = "server {\nlisten 80;\nreturn https://$host$request_uri;\n}\n",
         .wanted = {{RULE_REDIRECT_TEMPORARY, 3}},
         .mended = "server {\nlisten 80;\nreturn 301 https://$host$request_uri;\n}\n"},
        {.text = "server {\nlisten 80;\nlocation / {\nrewrite ^ https://$host$request_uri? redirect;\n}\n}\n",
         .wanted = {{RULE_REDIRECT_TEMPORARY, 4}},
         .mended = "server {\nlisten 80;\nlocation / {\nrewrite ^ https://$host$request_uri? permanent;\n}\n}\n"},
        {.text = "server {\nlisten 80;\nrewrite ^ https://$host$request_uri;\n}\n",
         .wanted = {{RULE_REDIRECT_TEMPORARY, 3}},
         .mended = "server {\nlisten 80;\nrewrite ^ https://$host$request_uri permanent;\n}\n"},
        {.text = TLS "server {\nlisten 444 ssl;\nserver_name a.test;\n" LINTED_HSTS
                     "\nerror_page 497 https://$host:444$request_uri;\n}\n",
         .wanted = {{RULE_REDIRECT_TEMPORARY, 10}},
         .mended = TLS "server {\nlisten 444 ssl;\nserver_name a.test;\n" LINTED_HSTS
                       "\nerror_page 497 =301 https://$host:444$request_uri;\n}\n"},
        {.text = "server {\nlisten 80;\nreturn 301 https://$host$request_uri;\n}\n"},
        {.text = "server {\nlisten 80;\nreturn 308 https://$host$request_uri;\n}\n"},
        {.text =
             "server {\nlisten 443 ssl;\n" LINTED_HSTS "\nlocation = /login {\nreturn 302 https://id.test/;\n}\n}\n"},
        {.text = "server {\nlisten 80;\nrewrite ^ /index.html;\n}\n"},
    };

    (void)state;
    CHECK(cases);
}

static void a_redirect_leaves_the_host(void **state)
{
    static const linted_case cases[] = {
        {.text = "server {\nlisten 80;\nserver_name a.test;\nreturn 301 https://www.a.test$request_uri;\n}\n",
         .wanted = {{RULE_REDIRECT_CROSS_HOST, 4}}},
        {.text = "server {\nlisten 80;\nserver_name a.test www.a.test;\nreturn 301 https://$server_name/;\n}\n",
         .wanted = {{RULE_REDIRECT_CROSS_HOST, 4}}},
        {.text = "server {\nlisten 80;\nserver_name a.test;\nreturn 301 https://www.$host$request_uri;\n}\n",
         .wanted = {{RULE_REDIRECT_CROSS_HOST, 4}}},
        {.text = "server {\nlisten 80;\nserver_name a.test b.test;\nif ($host = b.test) {\nreturn 301 "
                 "https://a.test$request_uri;\n}\n" HOME "}\n",
         .wanted = {{RULE_REDIRECT_CROSS_HOST, 5}}},
        /* The name comes from the server with TLS: it has none of its own on port 80. */
        {.text = TLS "server {\nlisten 80;\nreturn 301 https://www.test$request_uri;\n}\n",
         .wanted = {{RULE_REDIRECT_CROSS_HOST, 8}}},
        {.text = "server {\nlisten 80;\nserver_name a.test;\nreturn 301 https://a.test$request_uri;\n}\n"},
        {.text = "server {\nlisten 80;\nserver_name a.test;\nreturn 301 https://$server_name$request_uri;\n}\n"},
        {.text = "server {\nlisten 80;\nserver_name a.test b.test;\nif ($host = b.test) {\nreturn 301 "
                 "https://b.test$request_uri;\n}\n" HOME "}\n"},
        {.text = "server {\nlisten 80;\nserver_name a.test;\nset $name a.test;\nreturn 301 https://$name/;\n}\n"},
        {.text = "server {\nlisten 80;\nserver_name a.test;\nlocation /docs {\nreturn 301 https://docs.test/;\n}\n"
                 "location / {\n" HOME "}\n}\n"},
        {.text = "server {\nlisten 80;\nserver_name _;\nreturn 301 https://a.test$request_uri;\n}\n"},
    };

    (void)state;
    CHECK(cases);
}

static void a_redirect_leads_back_to_http(void **state)
{
    static const linted_case cases[] = {
        {.text = "server {\nlisten 443 ssl;\nserver_name a.test;\n" LINTED_HSTS
                 "\nlocation /old {\nreturn 301 http://$host/new;\n}\n}\n",
         .wanted = {{RULE_REDIRECT_TO_HTTP, 6}}},
        {.text = TLS "server {\nlisten 443 ssl;\nserver_name b.test;\n" LINTED_HSTS
                     "\nreturn 301 http://a.test$request_uri;\n}\n",
         .wanted = {{RULE_REDIRECT_TO_HTTP, 10}},
         .mended = TLS "server {\nlisten 443 ssl;\nserver_name b.test;\n" LINTED_HSTS
                       "\nreturn 301 https://a.test$request_uri;\n}\n"},
        {.text = "server {\nlisten 443 ssl;\n" LINTED_HSTS "\nrewrite ^/a http://b.test/ permanent;\n}\n",
         .wanted = {{RULE_REDIRECT_TO_HTTP, 4}}},
        {.text = "server {\nlisten 443 ssl;\n" LINTED_HSTS "\nerror_page 404 http://b.test/;\n}\n",
         .wanted = {{RULE_REDIRECT_TO_HTTP, 4}}},
        {.text = "server {\nlisten 443 ssl;\n" LINTED_HSTS "\nlocation /a {\nreturn 301 $scheme://$host/b;\n}\n}\n"},
        {.text = "server {\nlisten 443 ssl;\n" LINTED_HSTS "\nlocation /a {\nreturn 301 /b;\n}\n}\n"},
        {.text = "server {\nlisten 443 ssl;\n" LINTED_HSTS "\nlocation /a {\nproxy_redirect http:// https://;\n}\n}\n"},
        {.text = "server {\nlisten 443 ssl;\n" LINTED_HSTS
                 "\nlocation ^~ /.well-known/acme-challenge/ {\nreturn 301 http://acme.test$request_uri;\n}\n}\n"},
        {.text = "map $scheme $hsts {\nhttps \"max-age=31536000; includeSubDomains\";\n}\nserver {\nlisten 80;\n"
                 "listen 443 ssl;\nserver_name a.test;\nadd_header Strict-Transport-Security $hsts always;\n"
                 "if ($server_port = 80) {\nreturn 301 http://a.test/a;\n}\n}\n"},
        {.text = "server {\nlisten 80;\nserver_name a.test;\nlocation /a {\nreturn 301 http://$host/b;\n}\n}\n"},
        {.text = "server {\nlisten 127.0.0.1:8443 ssl;\n" LINTED_HSTS "\nreturn 301 http://b.test/;\n}\n"},
    };

    (void)state;
    CHECK(cases);
}

static void the_default_server_answers(void **state)
{
    static const linted_case cases[] = {
        {.text = TLS "server {\nlisten 80;\nserver_name a.test b.test;\n" HOME "}\n",
         .wanted = {{RULE_DEFAULT_SERVER_ANSWERS, 1}}},
        {.text = TLS "server {\nlisten 80;\nserver_name old.a.test;\nroot /srv;\n}\n",
         .wanted = {{RULE_DEFAULT_SERVER_ANSWERS, 1}}},
        {.text = TLS "server {\nlisten 80;\nserver_name b.test;\nroot /srv;\n}\n"},
        {.text = TLS "server {\nlisten 80;\nserver_name a.test;\n" HOME "}\n"},
        {.text = "server {\nlisten 443 ssl default_server;\nssl_reject_handshake on;\n}\n" TLS
                 "server {\nlisten 80;\nserver_name b.test;\n" HOME "}\n"},
        {.text = "server {\nlisten 443 ssl default_server;\nserver_name _;\nreturn 444;\n}\n" TLS
                 "server {\nlisten 80;\nserver_name b.test;\n" HOME "}\n"},
        {.text = "server {\nlisten 443 ssl;\nserver_name a.test *.a.test;\n" LINTED_HSTS
                 "\n}\nserver {\nlisten 80;\nserver_name old.a.test;\n" HOME "}\n"},
    };

    (void)state;
    CHECK(cases);
}

/* -- Certificates -------------------------------------------------------------------------------------------------- */

static void lint(config_estate *estate, config_lint *lint, const char *text)
{
    config_file *file = config_estate_add(estate, "a.conf", text, strlen(text));
    const config_platform *platform = config_platform_find("nginx");
    const config_asking asking = {.platform = platform, .files = &file, .file_count = 1};

    config_lint_init(lint, estate, (config_version){0});
    assert_true(platform->lint(&asking, lint, NULL));
}

static void certificates_have_their_keys(void **state)
{
    static const char text[] = "ssl_certificate_key all.key;\nserver {\nlisten 443 ssl;\nssl_certificate a.pem;\n}\n"
                               "server {\nlisten 443 ssl;\nssl_certificate b.pem;\nssl_certificate c.pem;\n"
                               "ssl_certificate_key b.key;\nssl_certificate_key engine:x:c;\nssl_stapling on;\n}\n"
                               "server {\nlisten 443 ssl;\nssl_certificate data:$pem;\nssl_certificate $a.pem;\n}\n"
                               "server {\nlisten 80;\nssl_certificate plain.pem;\n}\n";
    config_estate estate = {0};
    config_lint linted;

    (void)state;
    lint(&estate, &linted, text);
    assert_int_equal(linted.pair_count, 3);
    assert_string_equal(linted.pairs[0].chain->text, "a.pem");
    assert_string_equal(linted.pairs[0].key->text, "all.key");
    assert_false(linted.pairs[0].staples);
    assert_string_equal(linted.pairs[0].stapling.text, "\nssl_stapling on;");
    assert_string_equal(linted.pairs[1].chain->text, "b.pem");
    assert_string_equal(linted.pairs[1].key->text, "b.key");
    assert_true(linted.pairs[1].staples);
    assert_string_equal(linted.pairs[2].chain->text, "c.pem");
    assert_null(linted.pairs[2].key);
    config_lint_done(&linted);
    config_estate_done(&estate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(port_443_has_no_tls),           cmocka_unit_test(plain_http_has_content),
        cmocka_unit_test(a_redirect_is_temporary),       cmocka_unit_test(a_redirect_leaves_the_host),
        cmocka_unit_test(a_redirect_leads_back_to_http), cmocka_unit_test(the_default_server_answers),
        cmocka_unit_test(certificates_have_their_keys),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
