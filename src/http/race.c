#include "http/race.h"

#include "base/memory.h"
#include "io/tcp.h"

#include <stdlib.h>

typedef struct racer {
    http_race *race;
    io_stream *stream; /* NULL: it has failed */
    size_t address;
    int64_t deadline;
} racer;

/* racers[i] makes attempts[i]. */
struct http_race {
    http_course course;
    http_race_over *over;
    void *self;
    io_timer *timer;
    size_t order[IO_ADDRESSES_MAX];
    racer racers[IO_ADDRESSES_MAX];
    size_t started, open;
    int64_t next_start;
};

/* -- The order ----------------------------------------------------------------------------------------------------- */

static size_t skip_to(const http_course *course, size_t from, int family, bool same)
{
    while (from < course->count && (course->addresses[from].socket.ss_family == family) != same)
        from++;
    return from;
}

/* RFC 8305 4: "the client SHOULD [...] interleave the ordered addresses by protocol family", each family in its order.
 */
static void find_order(http_race *race)
{
    const http_course *course = &race->course;
    int family = course->addresses[0].socket.ss_family;
    size_t first = skip_to(course, 0, family, true), other = skip_to(course, 0, family, false);

    for (size_t i = 0; i < course->count; i++) {
        bool takes_first = other == course->count || (first < course->count && i % 2 == 0);
        size_t *taken = takes_first ? &first : &other;

        race->order[i] = *taken;
        *taken = skip_to(course, *taken + 1, family, takes_first);
    }
}

/* -- The end ------------------------------------------------------------------------------------------------------- */

static void fail_with(http_race *race, size_t i, const facts_failure *failure)
{
    racer *r = &race->racers[i];

    race->course.attempts[i].failure = facts_failure_keep(failure, race->course.arena);
    io_stream_close(r->stream);
    r->stream = NULL;
    race->open--;
}

static void fail_open(http_race *race, facts_code code)
{
    facts_failure failure = facts_failure_make(FACTS_PHASE_CONNECT, code, NULL);

    for (size_t i = 0; i < race->started; i++)
        if (race->racers[i].stream != NULL)
            fail_with(race, i, &failure);
}

static void release(http_race *race)
{
    io_timer_free(race->timer);
    free(race);
}

void http_race_end(http_race *race, facts_code code)
{
    if (race == NULL)
        return;
    fail_open(race, code);
    release(race);
}

static void conclude(http_race *race, io_stream *stream, size_t attempt)
{
    http_race_over *over = race->over;
    void *self = race->self;
    size_t address = race->racers[attempt].address;

    http_race_end(race, FACTS_FAILURE_OVERTAKEN);
    over(self, stream, address, attempt);
}

/* -- The race ------------------------------------------------------------------------------------------------------ */

static void go_on(http_race *race);

static void on_ready(void *self)
{
    racer *r = self;
    http_race *race = r->race;
    io_stream *stream = r->stream;

    r->stream = NULL;
    race->open--;
    conclude(race, stream, (size_t)(r - race->racers));
}

static void on_end(void *self, const facts_failure *failure)
{
    racer *r = self;
    http_race *race = r->race;

    if (failure == NULL)
        return;
    fail_with(race, (size_t)(r - race->racers), failure);
    race->next_start = 0;
    go_on(race);
}

static void start(http_race *race, int64_t now)
{
    size_t i = race->started++;
    racer *r = &race->racers[i];
    const http_course *course = &race->course;
    const io_address *address = &course->addresses[race->order[i]];
    facts_failure failure;

    *r = (racer){.race = race, .address = race->order[i], .deadline = now + course->limit};
    course->attempts[i] = (facts_attempt){.address = course->texts[r->address], .port = io_address_port(address)};
    *course->attempt_count = race->started;
    race->open++;
    r->stream = io_tcp_connect(course->loop, address, (io_sink){.ready = on_ready, .end = on_end, .self = r}, &failure);
    race->next_start = now + HTTP_RACE_DELAY;
    if (r->stream == NULL) {
        fail_with(race, i, &failure);
        race->next_start = 0;
    }
}

static void expire(http_race *race, int64_t now)
{
    facts_failure failure = facts_failure_make(FACTS_PHASE_CONNECT, FACTS_FAILURE_CONNECT_TIMEOUT, NULL);

    for (size_t i = 0; i < race->started; i++)
        if (race->racers[i].stream != NULL && race->racers[i].deadline <= now)
            fail_with(race, i, &failure);
}

static int64_t next_event(const http_race *race)
{
    int64_t next = race->started < race->course.count ? race->next_start : INT64_MAX;

    for (size_t i = 0; i < race->started; i++)
        if (race->racers[i].stream != NULL && race->racers[i].deadline < next)
            next = race->racers[i].deadline;
    return next;
}

static void go_on(http_race *race)
{
    int64_t now = io_loop_now(race->course.loop), next;

    expire(race, now);
    while (race->started < race->course.count && (race->open == 0 || race->next_start <= now))
        start(race, now);
    if (race->open == 0) {
        conclude(race, NULL, race->started - 1);
        return;
    }
    next = next_event(race);
    io_timer_start(race->timer, next > now ? next - now : 0);
}

static void on_timer(void *self)
{
    go_on(self);
}

http_race *http_race_begin(const http_course *course, http_race_over *over, void *self)
{
    http_race *race = base_allocate(sizeof *race);

    race->course = *course;
    race->over = over;
    race->self = self;
    race->timer = io_timer_new(course->loop, on_timer, race);
    find_order(race);
    io_timer_start(race->timer, 0);
    return race;
}
