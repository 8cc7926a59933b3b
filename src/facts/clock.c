#include "facts/clock.h"

#include <stdlib.h>

#define SAMPLES_MAX 128
#define AGE_DIGITS_MAX 9

typedef struct samples {
    int64_t skews[SAMPLES_MAX];
    size_t count;
} samples;

/* RFC 9111 5.1: the seconds that a response has lain in caches since its Date; 0 without a number. */
static int64_t age_of(const facts_response *response)
{
    const hf_field *field = facts_response_field(response, "age");
    int64_t age = 0;

    for (size_t k = 0; field != NULL && k < field->value.length && k < AGE_DIGITS_MAX; k++) {
        if (field->value.data[k] < '0' || field->value.data[k] > '9')
            return 0;
        age = age * 10 + (field->value.data[k] - '0');
    }
    return age;
}

static void add(samples *s, const facts_exchange *exchange)
{
    const facts_response *response = exchange->response;

    if (response == NULL || response->date == HF_TIME_UNKNOWN || s->count == SAMPLES_MAX)
        return;
    s->skews[s->count++] = response->date + age_of(response) - response->received;
}

static int compare(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

    return (left > right) - (left < right);
}

static bool is_of_site(const facts_site *site, const facts_hop *hop)
{
    return strcmp(hop->host.name, site->host.name) == 0;
}

/* The answers of the host itself: those of others have other clocks. */
facts_clock facts_clock_of(const facts_site *site)
{
    facts_clock clock = {0, 0};
    samples s = {.count = 0};

    for (facts_way way = 0; way < FACTS_WAYS; way++)
        for (size_t i = 0; i < site->chains[way].count; i++)
            if (is_of_site(site, site->chains[way].hops[i]))
                add(&s, &site->chains[way].hops[i]->exchange);
    for (size_t i = 0; i < site->answers.count; i++)
        if (is_of_site(site, &site->answers.items[i]->hop))
            add(&s, &site->answers.items[i]->hop.exchange);
    for (size_t i = 0; i < site->endpoints[FACTS_HTTPS].count; i++)
        add(&s, &site->endpoints[FACTS_HTTPS].items[i].exchange);
    clock.samples = s.count;
    if (s.count > 0) {
        qsort(s.skews, s.count, sizeof *s.skews, compare);
        clock.skew = s.skews[s.count / 2];
    }
    return clock;
}

void facts_clock_json(const facts_site *site, base_json *json)
{
    facts_clock clock = facts_clock_of(site);

    base_json_object_begin(json);
    base_json_key_int(json, "samples", (int64_t)clock.samples);
    base_json_key(json, "server_ahead");
    if (clock.samples > 0)
        base_json_int(json, clock.skew);
    else
        base_json_null(json);
    base_json_object_end(json);
}
