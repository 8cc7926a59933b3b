/* Which recorded exchange stands for a request, and which does not: facts written down as literals, and a wire that
 * counts. */
#include "agent/record.h"
#include "lib/facts_builder.h"

#define IPV4 "192.0.2.1"
#define IPV6 "2001:db8::1"

/* A site with two addresses, whose IPv4 address was asked for /, which sends on to /in, and a wire on which every
 * answer is 204. */
typedef struct scene {
    facts_site site;
    facts_response response;
    agent_transport wire;
    agent_record record;
    facts_exchange out;
    size_t asked, over;
    char address[IO_ADDRESS_TEXT]; /* to which the request was bound */
    int port;
} scene;

static void exchange(void *self, const http_request *request, base_arena *arena, facts_exchange *out,
                     void (*done)(void *self), void *done_self)
{
    scene *s = self;

    (void)arena;
    s->asked++;
    s->address[0] = '\0';
    if (request->address != NULL) {
        io_address_format(request->address, s->address);
        s->port = io_address_port(request->address);
    }
    *out = (facts_exchange){.secure = request->secure, .cookies = request->cookies, .response = &s->response};
    out->tls.alpn = request->offer == TLS_OFFER_HTTP1 ? "http/1.1" : "h2";
    done(done_self);
}

static void set_up(scene *s)
{
    facts_hop *in;

    memset(s, 0, sizeof *s);
    s->response = (facts_response){.status = 204};
    build_site(&s->site, "a.test", YEAR);
    in = build_hop(&s->site, FACTS_HTTPS, "https://a.test/in", 200);
    in->exchange.tls.alpn = "h2";
    build_reached(&s->site, &build_first(&s->site, FACTS_HTTPS)->exchange, IPV4);
    build_reached(&s->site, &in->exchange, IPV4);
    build_endpoint(&s->site, IPV4);
    build_endpoint(&s->site, IPV6);
    s->wire = (agent_transport){exchange, s, NULL};
    s->record = (agent_record){.site = &s->site, .wire = &s->wire, .host = "a.test"};
}

static void on_over(void *self)
{
    ((scene *)self)->over++;
}

/* What browsers ask for https://a.test/in. */
static http_request ask_in(void)
{
    return (http_request){
        .host = "a.test", .port = 443, .secure = true, .strict = true, .target = "/in", .offer = TLS_OFFER_BOTH};
}

/* The status that comes of it; 0: none. */
static int make(scene *s, const http_request *request)
{
    agent_transport record = agent_transport_of_record(&s->record);

    s->over = 0;
    record.exchange(record.self, request, &s->site.arena, &s->out, on_over, s);
    assert_int_equal(s->over, 1);
    return s->out.response != NULL ? s->out.response->status : 0;
}

static void expect(scene *s, const http_request *request, int status, size_t asked)
{
    assert_int_equal(make(s, request), status);
    assert_int_equal(s->asked, asked);
}

static void what_was_recorded_is_not_asked_again(void **state)
{
    http_request request = ask_in();
    scene s;

    (void)state;
    set_up(&s);
    expect(&s, &request, 200, 0);
    s.record.address = IPV4;
    expect(&s, &request, 200, 0);
    facts_site_done(&s.site);
}

/* Each of these is another request, and is asked once. */
static void another_url_is_another_request(void **state)
{
    http_request requests[] = {ask_in(), ask_in(), ask_in(), ask_in(), ask_in()};
    scene s;

    (void)state;
    requests[0].host = "b.test";
    requests[1].port = 8443;
    requests[2].secure = false;
    requests[3].target = "/inn";
    requests[4].root_dot = true;
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        set_up(&s);
        expect(&s, &requests[i], 204, 1);
        expect(&s, &requests[i], 204, 1);
        facts_site_done(&s.site);
    }
    set_up(&s);
    expect(&s, &requests[4], 204, 1);
    assert_string_equal(s.site.further.hops[0]->url, "https://a.test./in");
    facts_site_done(&s.site);
}

static void other_cookies_make_another_request(void **state)
{
    http_request request = ask_in();
    scene s;

    (void)state;
    set_up(&s);
    request.cookies = "a=1";
    expect(&s, &request, 204, 1);
    request.cookies = "a=2";
    expect(&s, &request, 204, 2);
    request.cookies = "a=1";
    expect(&s, &request, 204, 2);
    request.cookies = NULL;
    expect(&s, &request, 200, 2);
    s.site.chains[FACTS_HTTPS].hops[1]->exchange.cookies = "b=1";
    expect(&s, &request, 204, 3);
    facts_site_done(&s.site);
}

/* What one address answers says nothing about another one, on the page and behind it. */
static void another_address_makes_another_request(void **state)
{
    static const facts_response other = {.status = 404};
    http_request request = ask_in(), page = ask_in();
    scene s;

    (void)state;
    set_up(&s);
    s.record.address = IPV6;
    expect(&s, &request, 204, 1);
    assert_string_equal(s.address, IPV6);
    assert_int_equal(s.port, 443);
    expect(&s, &request, 204, 1);
    page.target = "/";
    s.site.endpoints[FACTS_HTTPS].items[1].exchange.response = &other;
    expect(&s, &page, 404, 1);
    s.record.address = IPV4;
    expect(&s, &page, 301, 1);
    expect(&s, &request, 200, 1);
    s.record.address = NULL;
    expect(&s, &request, 200, 1);
    facts_site_done(&s.site);
}

/* The port at which the address is reached is that of its own way in. */
static void plain_http_is_asked_at_the_address(void **state)
{
    http_request request = ask_in(), page = ask_in();
    scene s;

    (void)state;
    set_up(&s);
    s.site.http_port = request.port = page.port = 80;
    request.secure = page.secure = false;
    page.target = "/";
    build_hop(&s.site, FACTS_HTTP, "http://a.test/", 403);
    build_endpoint_of(&s.site, FACTS_HTTP, IPV6)->port = 40080;
    s.record.address = IPV6;
    expect(&s, &page, 403, 0);
    expect(&s, &request, 204, 1);
    assert_string_equal(s.address, IPV6);
    assert_int_equal(s.port, 40080);
    s.record.address = IPV4;
    expect(&s, &request, 204, 2);
    assert_string_equal(s.address, "");
    facts_site_done(&s.site);
}

/* The page was asked at each address without cookies, and without a dot. */
static void the_page_at_an_address_has_no_cookies(void **state)
{
    http_request page = ask_in();
    scene s;

    (void)state;
    set_up(&s);
    s.record.address = IPV6;
    page.target = "/";
    expect(&s, &page, 301, 0);
    page.cookies = "a=1";
    expect(&s, &page, 204, 1);
    page.cookies = NULL;
    page.root_dot = true;
    expect(&s, &page, 204, 2);
    facts_site_done(&s.site);
}

/* Of other ports no address is known: whoever answers is asked, once for all addresses. */
static void other_ports_are_asked_at_any_address(void **state)
{
    http_request request = ask_in();
    scene s;

    (void)state;
    set_up(&s);
    request.port = 8443;
    s.record.address = IPV6;
    expect(&s, &request, 204, 1);
    assert_string_equal(s.address, "");
    s.record.address = IPV4;
    expect(&s, &request, 204, 1);
    facts_site_done(&s.site);
}

/* Servers answer otherwise over another version of HTTP; browsers offer both. */
static void another_protocol_makes_another_request(void **state)
{
    http_request request = ask_in();
    facts_hop *in;
    scene s;

    (void)state;
    set_up(&s);
    in = s.site.chains[FACTS_HTTPS].hops[1];
    request.offer = TLS_OFFER_HTTP2;
    expect(&s, &request, 200, 0);
    request.offer = TLS_OFFER_HTTP1;
    expect(&s, &request, 204, 1);
    expect(&s, &request, 204, 1);
    in->exchange.tls.alpn = "http/1.1";
    expect(&s, &request, 200, 1);
    request.offer = TLS_OFFER_HTTP2;
    expect(&s, &request, 204, 2);
    facts_site_done(&s.site);
}

/* What was asked over one version alone, or by HEAD, is no browser's request. */
static void answers_of_a_comparison_are_not_taken(void **state)
{
    http_request request = ask_in();
    scene s;

    (void)state;
    set_up(&s);
    request.target = "/holdfast-0";
    build_answer(&s.site, FACTS_METHOD_GET, true, 404, YEAR);
    assert_string_equal(s.site.answers.items[0]->hop.url, "https://a.test/holdfast-0");
    expect(&s, &request, 204, 1);
    facts_site_done(&s.site);
}

static void without_a_wire_the_rest_is_not_seen(void **state)
{
    http_request request = ask_in();
    scene s;

    (void)state;
    set_up(&s);
    s.record.wire = NULL;
    expect(&s, &request, 200, 0);
    s.record.address = IPV6;
    expect(&s, &request, 0, 0);
    assert_int_equal(s.out.failure->code, FACTS_FAILURE_NOT_ASKED);
    s.record.address = NULL;
    request.cookies = "a=1";
    expect(&s, &request, 0, 0);
    assert_int_equal(s.out.failure->code, FACTS_FAILURE_NOT_ASKED);
    assert_true(facts_code_is_ours(FACTS_FAILURE_NOT_ASKED));
    assert_int_equal(s.site.further.count, 0);
    facts_site_done(&s.site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_recorded_is_not_asked_again),
        cmocka_unit_test(another_url_is_another_request),
        cmocka_unit_test(other_cookies_make_another_request),
        cmocka_unit_test(another_address_makes_another_request),
        cmocka_unit_test(plain_http_is_asked_at_the_address),
        cmocka_unit_test(the_page_at_an_address_has_no_cookies),
        cmocka_unit_test(other_ports_are_asked_at_any_address),
        cmocka_unit_test(another_protocol_makes_another_request),
        cmocka_unit_test(answers_of_a_comparison_are_not_taken),
        cmocka_unit_test(without_a_wire_the_rest_is_not_seen),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
