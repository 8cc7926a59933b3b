/* The configuration that mends a finding: for which server, with which policy, for which host. */
#include "findings/snippet.h"
#include "lib/facts_builder.h"

static void servers_by_their_header(void **state)
{
    static const struct {
        const char *sent;
        finding_server server;
    } cases[] = {
        {"nginx", FINDING_SERVER_NGINX},
        {"nginx/1.22.1", FINDING_SERVER_NGINX},
        {"NGINX/1.22.1 (Ubuntu)", FINDING_SERVER_NGINX},
        {"openresty/1.21.4.1", FINDING_SERVER_NGINX},
        {"Apache", FINDING_SERVER_APACHE},
        {"Apache/2.4.57 (Debian) OpenSSL/3.0.11", FINDING_SERVER_APACHE},
        {"Apache (Debian)", FINDING_SERVER_APACHE},
        {"Caddy", FINDING_SERVER_CADDY},
        /* Other programs, with names that begin alike. */
        {"Apache-Coyote/1.1", FINDING_SERVERS},
        {"Apache Tomcat/10", FINDING_SERVERS},
        {"Apache ", FINDING_SERVERS},
        {"nginx-reuseport/1.21", FINDING_SERVERS},
        {"cloudflare", FINDING_SERVERS},
        {"ngin", FINDING_SERVERS},
        {"", FINDING_SERVERS},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        facts_site site;

        build_site(&site, "a.test", NULL);
        build_field(build_first(&site, FACTS_HTTPS), "Server", (hf_span){cases[i].sent, strlen(cases[i].sent)});
        if (finding_server_of(build_response(build_first(&site, FACTS_HTTPS))) != cases[i].server)
            fail_msg("'%s' is taken for another server", cases[i].sent);
        facts_site_done(&site);
    }
    assert_int_equal(finding_server_of(NULL), FINDING_SERVERS);
    assert_string_equal(finding_server_name(FINDING_SERVER_APACHE), "apache");
    assert_string_equal(finding_server_title(FINDING_SERVER_APACHE), "Apache");
}

typedef struct scene {
    facts_site site;
    finding_judgement judgement;
    facts_sts_field own;
    finding_snippet snippet;
} scene;

/* A site whose server is nginx, and which sends `sts` (NULL: nothing). */
static void set_up(scene *s, const char *sts)
{
    *s = (scene){0};
    build_site(&s->site, "a.test", sts);
    build_field(build_first(&s->site, FACTS_HTTPS), "Server", SPAN("nginx"));
    s->judgement = (finding_judgement){.now = NOW, .findings.arena = &s->site.arena};
    s->own.hop = build_first(&s->site, FACTS_HTTPS);
    if (sts == NULL)
        return;
    s->own.count = 1;
    s->own.sent = facts_sts_read((hf_span){sts, strlen(sts)}, &s->site.arena);
    s->own.in_force = s->own.sent.valid && s->own.sent.policy.max_age > 0;
    s->judgement.own = &s->own;
}

static bool find(scene *s, rule_id rule, const finding_place *place)
{
    const finding *item = finding_add(&s->judgement.findings, place, rule, "proof");

    return finding_snippet_of(item, &s->site, &s->judgement, &s->site.arena, &s->snippet);
}

static bool find_at_site(scene *s, rule_id rule)
{
    const finding_place place = finding_at_site(&s->site.host);

    return find(s, rule, &place);
}

static void assert_holds(const scene *s, const char *wanted)
{
    if (strstr(s->snippet.text, wanted) == NULL)
        fail_msg("no '%s' in: %s", wanted, s->snippet.text);
}

/* What is pasted leaves the policy that is there as it is; only where there is none, or none that counts, the
 * catalogue's stands in. */
static void policies(void **state)
{
    scene s;

    (void)state;
    set_up(&s, NULL);
    assert_true(find_at_site(&s, RULE_HSTS_MISSING));
    assert_int_equal(s.snippet.server, FINDING_SERVER_NGINX);
    assert_holds(&s, "add_header Strict-Transport-Security \"max-age=300\" always;");
    assert_non_null(s.snippet.trap);
    facts_site_done(&s.site);
    set_up(&s, "MAX-AGE=\"600\" ; preload;includeSubDomains");
    assert_true(find_at_site(&s, RULE_HSTS_NOT_ON_ERRORS));
    assert_holds(&s, "\"max-age=600; includeSubDomains; preload\"");
    facts_site_done(&s.site);
    for (size_t i = 0; i < 2; i++) {
        set_up(&s, i == 0 ? "max-age=0" : "max-age=600; max-age=700");
        assert_true(find_at_site(&s, i == 0 ? RULE_HSTS_DISABLED : RULE_HSTS_INVALID));
        assert_holds(&s, "\"max-age=300\"");
        facts_site_done(&s.site);
    }
}

/* Of another host its own server and name; the policy of the site is for the site and what lies below it. */
static void places(void **state)
{
    finding_place place;
    facts_hop *other, *www;
    scene s;

    (void)state;
    set_up(&s, "max-age=600");
    www = build_hop(&s.site, FACTS_HTTPS, "https://www.a.test/", 200);
    other = build_hop(&s.site, FACTS_HTTPS, "https://nota.test/", 200);
    build_field(other, "Server", SPAN("Apache"));
    place = finding_at_hop(other, 3);
    assert_true(find(&s, RULE_HOST_WITHOUT_POLICY, &place));
    assert_int_equal(s.snippet.server, FINDING_SERVER_APACHE);
    assert_holds(&s, "\"max-age=300\"");
    place = finding_at_hop(www, 2);
    assert_false(find(&s, RULE_REDIRECT_WITHOUT_HSTS, &place));
    build_field(www, "Server", SPAN("Caddy"));
    assert_true(find(&s, RULE_REDIRECT_WITHOUT_HSTS, &place));
    assert_int_equal(s.snippet.server, FINDING_SERVER_CADDY);
    assert_holds(&s, "\"max-age=600\"");
    assert_true(find(&s, RULE_HTTP_NO_REDIRECT, &place));
    assert_holds(&s, "http://www.a.test {");
    /* Nothing of this server, and nothing at all. */
    assert_false(find(&s, RULE_TLS_CIPHER, &place));
    assert_false(find_at_site(&s, RULE_CERT_EXPIRED));
    facts_site_done(&s.site);
}

/* Where HTTPS gives no response, what plain HTTP says of itself counts. */
static void another_way_in(void **state)
{
    facts_hop *hop;
    scene s;

    (void)state;
    set_up(&s, NULL);
    build_failure(&s.site, &build_first(&s.site, FACTS_HTTPS)->exchange, FACTS_PHASE_TLS, FACTS_FAILURE_TLS_PLAIN_HTTP);
    assert_false(find_at_site(&s, RULE_TLS_PLAIN_HTTP));
    hop = build_hop(&s.site, FACTS_HTTP, "http://a.test/", 200);
    build_field(hop, "Server", SPAN("Apache/2.4"));
    assert_true(find_at_site(&s, RULE_TLS_PLAIN_HTTP));
    assert_holds(&s, "SSLCertificateFile /etc/letsencrypt/live/a.test/fullchain.pem");
    facts_site_done(&s.site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(servers_by_their_header),
        cmocka_unit_test(policies),
        cmocka_unit_test(places),
        cmocka_unit_test(another_way_in),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
