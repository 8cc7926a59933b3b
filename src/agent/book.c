#include "agent/book.h"

#include "facts/sts_field.h"

#include <stdlib.h>
#include <sys/random.h>

static bool open_store(const char *path, bool read_only, const agent_book_options *book, hf_store **store,
                       base_error *error)
{
    hf_store_options options = hf_store_options_init();
    hf_store_error problem = hf_store_error_init();

    options.path = path;
    options.read_only = read_only;
    options.durable = !read_only;
    options.enforce_localhost = book->enforce_localhost;
    options.lock_wait = book->lock_wait;
    options.damaged = book->damaged;
    options.self = book->self;
    if (hf_store_open(&options, store, &problem) == HF_OK)
        return true;
    base_error_set(error, "%s", problem.text);
    return false;
}

bool agent_book_open(agent_book *book, const char *path, const agent_book_options *options, base_error *error)
{
    *book = (agent_book){0};
    return open_store(path, false, options, &book->store, error);
}

/* -- In memory ----------------------------------------------------------------------------------------------------- */

/* One for all books of this process: to ask the system for each costs as much as a visit. 0: each asks for its own. */
static uint64_t seed_of_process(void)
{
    static uint64_t seed;

    if (seed == 0 && getrandom(&seed, sizeof seed, 0) != (ssize_t)sizeof seed)
        seed = 0;
    return seed;
}

static bool new_hosts(bool enforce_localhost, hf_hosts **hosts)
{
    hf_hosts_options options = hf_hosts_options_init();

    options.enforce_localhost = enforce_localhost;
    options.seed = seed_of_process();
    return hf_hosts_new(&options, hosts) == HF_OK;
}

static bool copy(const hf_store *store, hf_hosts *hosts)
{
    hf_entry entry = hf_entry_init();
    hf_store_walk *walk;
    bool copied = true;

    if (hf_store_walk_new(store, &walk) != HF_OK)
        return false;
    while (copied && hf_store_walk_next(walk, &entry))
        copied = hf_hosts_put(hosts, &entry, entry.observed) == HF_OK;
    hf_store_walk_free(walk);
    return copied;
}

bool agent_book_open_memory(agent_book *book, const char *path, const agent_book_options *options, base_error *error)
{
    hf_store *store = NULL;
    bool copied;

    *book = (agent_book){0};
    if (path != NULL && !open_store(path, true, options, &store, error))
        return false;
    copied = new_hosts(options->enforce_localhost, &book->hosts) && (store == NULL || copy(store, book->hosts));
    hf_store_close(store);
    if (copied)
        return true;
    base_error_set(error, "cannot make a table of hosts: out of memory");
    agent_book_close(book);
    return false;
}

void agent_book_close(agent_book *book)
{
    hf_store_close(book->store);
    hf_hosts_free(book->hosts);
    *book = (agent_book){0};
}

/* -- Both ---------------------------------------------------------------------------------------------------------- */

void agent_decide(const hf_known *known, const hf_preload *floor, const hf_url *url, int64_t now, hf_verdict *verdict)
{
    const hf_known built_in = {.preload = floor};
    hf_verdict other = hf_verdict_init();

    *verdict = hf_verdict_init();
    if (hf_decide_url(known, url, (hf_span){0}, now, verdict) != HF_OK ||
        (floor != NULL && hf_decide_url(&built_in, url, (hf_span){0}, now, &other) != HF_OK))
        abort(); /* it refuses NULL and unsized arguments only */
    if (!verdict->enforce && other.enforce && verdict->reason != HF_REASON_LOCALHOST)
        *verdict = other;
}

void agent_book_decide(agent_book *book, const hf_url *url, int64_t now, hf_verdict *verdict)
{
    hf_known known = {.hosts = book->hosts, .preload = book->preload};
    hf_learned learned = {0};
    bool fresh;

    if (book->store != NULL) {
        fresh = hf_store_refresh(book->store, NULL, NULL) == HF_OK;
        (void)fresh; /* when the file cannot be read anew, what was read before goes on protecting */
        learned = hf_store_learned(book->store);
        known.learned = &learned;
    }
    agent_decide(&known, book->floor, url, now, verdict);
}

/* The policy of the first field, where it asks for a longer life than the book has for it. */
static bool read_shortened(const agent_book *book, const hf_field *fields, size_t count, hf_policy *policy)
{
    size_t first = hf_header_first(fields, count);
    facts_sts_value sent;

    if (book->life_max == 0 || first == count)
        return false;
    sent = facts_sts_read(fields[first].value, NULL);
    *policy = sent.policy;
    policy->max_age = book->life_max;
    return sent.valid && sent.policy.max_age > book->life_max;
}

static hf_status note(agent_book *book, const hf_host *host, const hf_field *fields, size_t count,
                      const hf_response *response, hf_noted *noted, hf_store_error *problem)
{
    hf_policy policy;
    bool shortened = read_shortened(book, fields, count, &policy);

    if (book->store != NULL)
        return shortened ? hf_store_note(book->store, host, &policy, response, noted, problem)
                         : hf_store_note_fields(book->store, host, fields, count, response, noted, problem);
    return shortened ? hf_hosts_note(book->hosts, host, &policy, response, noted)
                     : hf_hosts_note_fields(book->hosts, host, fields, count, response, noted);
}

bool agent_book_note(agent_book *book, const hf_host *host, const hf_field *fields, size_t count,
                     const hf_response *response, hf_noted *noted, base_error *error)
{
    hf_store_error problem = hf_store_error_init();
    hf_status status = note(book, host, fields, count, response, noted, &problem);

    if (status == HF_OK)
        return true;
    base_error_set(error, "%s", problem.text[0] != '\0' ? problem.text : hf_status_text(status));
    return false;
}
