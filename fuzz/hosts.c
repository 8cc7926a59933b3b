/*
 * Known hosts: a table of few entries beside a model that is an array. Input octets become operations; after each one
 * every answer of both must be the same. The limit is small, so that it is reached and a full table chooses anew at
 * each new host, or large enough for records to be pushed together. An input is at most 1 KiB, some eighty operations:
 * enough for all of that, and few enough to try many of them.
 */
#include <holdfast/hosts.h>

#include <stdlib.h>

enum { LIMIT_SMALL = 6, LIMIT_MIDDLE = 15, LIMIT_LARGE = 128, INPUT_MAX = 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool condition)
{
    if (!condition)
        abort();
}

/* -- Input --------------------------------------------------------------------------------------------------------- */

typedef struct input {
    const uint8_t *data;
    size_t left;
} input;

static unsigned take(input *in)
{
    if (in->left == 0)
        return 0;
    in->left--;
    return *in->data++;
}

/* One to four labels out of few, so that names meet and lie below one another; some are long enough to fill whole
 * words. */
static hf_host take_host(input *in)
{
    static const char *const labels[] = {"a", "b", "com", "example", "eightlet", "sixteen-letters-", "x", "localhost"};
    hf_host host = {.kind = HF_HOST_NAME};
    unsigned choice = take(in), more = take(in);

    for (unsigned i = 0; i <= (choice & 3); i++) {
        const char *label = labels[(i < 2 ? choice >> (2 + 3 * i) : more >> (3 * (i - 2))) & 7];
        if (i > 0)
            host.name[host.length++] = '.';
        memcpy(host.name + host.length, label, strlen(label));
        host.length += strlen(label);
    }
    if (more >= 0xf0)
        host.kind = more & 1 ? HF_HOST_IPV4 : HF_HOST_OTHER;
    return host;
}

static hf_span take_partition(input *in)
{
    static const char long_one[HF_PARTITION_MAX + 1] = "(https,example.com)";
    unsigned choice = take(in);

    if (choice < 0xc0)
        return (hf_span){NULL, 0};
    return (hf_span){long_one, choice < 0xf0 ? choice & 7 : HF_PARTITION_MAX - (choice & 1)};
}

static int64_t take_time(input *in)
{
    unsigned choice = take(in);

    return choice == 0xff ? HF_TIME_NEVER : choice == 0xfe ? HF_TIME_UNKNOWN : (int64_t)choice;
}

/* -- The model: oldest first --------------------------------------------------------------------------------------- */

typedef struct known {
    hf_host host;
    hf_span partition;
    int64_t max_age, observed, expires;
    hf_source source;
    hf_state state;
    bool include_subdomains;
} known;

typedef struct model {
    known entries[LIMIT_LARGE];
    size_t count, limit;
    bool enforce_localhost;
} model;

static bool same_text(hf_span a, const char *data, size_t length)
{
    return a.length == length && (length == 0 || memcmp(a.data, data, length) == 0);
}

static size_t model_find(const model *m, const char *name, size_t length, hf_span partition)
{
    size_t i = 0;

    while (i < m->count && !(same_text((hf_span){name, length}, m->entries[i].host.name, m->entries[i].host.length) &&
                             same_text(partition, m->entries[i].partition.data, m->entries[i].partition.length)))
        i++;
    return i;
}

static void model_drop(model *m, size_t i)
{
    memmove(&m->entries[i], &m->entries[i + 1], (m->count - i - 1) * sizeof(known));
    m->count--;
}

static size_t model_drop_expired(model *m, int64_t now)
{
    size_t before = m->count;

    for (size_t i = m->count; i-- > 0;)
        if (m->entries[i].expires < now)
            model_drop(m, i);
    return before - m->count;
}

static bool is_below(const known *k, const hf_host *top)
{
    size_t length = k->host.length;

    return length >= top->length && memcmp(k->host.name + length - top->length, top->name, top->length) == 0 &&
           (length == top->length || k->host.name[length - top->length - 1] == '.');
}

static bool model_live(const known *k, int64_t now)
{
    return k->state == HF_STATE_SET && k->expires >= now;
}

static bool model_covered(const model *m, const known *k, int64_t now)
{
    for (size_t i = 0; i < m->count; i++) {
        const known *parent = &m->entries[i];
        if (parent->include_subdomains && model_live(parent, now) && k->host.length > parent->host.length &&
            is_below(k, &parent->host) && same_text(k->partition, parent->partition.data, parent->partition.length))
            return true;
    }
    return false;
}

static hf_span site_of(const hf_host *host)
{
    size_t at = host->length, dots = 0;

    while (at > 0 && (dots += host->name[at - 1] == '.') < 2)
        at--;
    return (hf_span){host->name + at, host->length - at};
}

static size_t model_site_size(const model *m, hf_span site)
{
    size_t size = 0;

    for (size_t i = 0; i < m->count; i++) {
        hf_span other = site_of(&m->entries[i].host);
        size += m->entries[i].source != HF_SOURCE_USER && same_text(site, other.data, other.length);
    }
    return size;
}

/* Who goes, none of the entries being covered; m->count if all were set by hand. */
static size_t model_of_largest_site(const model *m)
{
    size_t best = m->count, most = 0;

    for (size_t i = 0; i < m->count; i++) {
        size_t size = model_site_size(m, site_of(&m->entries[i].host));
        if (m->entries[i].source != HF_SOURCE_USER && size > most) {
            best = i;
            most = size;
        }
    }
    return best;
}

/* As hf_hosts_options.limit tells. False if there is no room. */
static bool model_make_room(model *m, int64_t now)
{
    if (m->count == m->limit)
        model_drop_expired(m, now);
    if (m->count < m->limit)
        return true;
    for (size_t i = 0; i < m->count; i++) {
        if (m->entries[i].source != HF_SOURCE_USER && model_covered(m, &m->entries[i], now)) {
            model_drop(m, i);
            return true;
        }
    }
    size_t i = model_of_largest_site(m);
    if (i == m->count)
        return false;
    model_drop(m, i);
    return true;
}

static hf_status model_set(model *m, const known *entry, int64_t now, bool *replaced)
{
    size_t i = model_find(m, entry->host.name, entry->host.length, entry->partition);

    *replaced = i < m->count;
    if (*replaced)
        model_drop(m, i);
    else if (!model_make_room(m, now))
        return HF_E_FULL;
    m->entries[m->count++] = *entry;
    return HF_OK;
}

static bool model_exempt(const model *m, const hf_host *host)
{
    return host->kind != HF_HOST_NAME || (!m->enforce_localhost && hf_host_is_localhost(host));
}

static hf_match model_match(const model *m, const hf_host *host, hf_span partition, int64_t now, const known **found)
{
    if (model_exempt(m, host))
        return HF_MATCH_NONE;
    for (size_t at = 0; at < host->length; at++) {
        if (at > 0 && host->name[at - 1] != '.')
            continue;
        size_t i = model_find(m, host->name + at, host->length - at, partition);
        if (i == m->count || !model_live(&m->entries[i], now) || (at > 0 && !m->entries[i].include_subdomains))
            continue;
        *found = &m->entries[i];
        return at == 0 ? HF_MATCH_CONGRUENT : HF_MATCH_SUPERDOMAIN;
    }
    return HF_MATCH_NONE;
}

/* -- Comparing ----------------------------------------------------------------------------------------------------- */

static void check_entry(const hf_entry *entry, const known *k)
{
    check(same_text(entry->host, k->host.name, k->host.length));
    check(same_text(entry->partition, k->partition.data, k->partition.length));
    check(entry->max_age == k->max_age && entry->observed == k->observed && entry->expires == k->expires);
    check(entry->source == k->source && entry->state == k->state);
    check(entry->include_subdomains == k->include_subdomains);
}

static void check_all(const hf_hosts *hosts, const model *m, int64_t now)
{
    uint64_t cursor = 0;
    hf_entry entry = hf_entry_init(), got = hf_entry_init();
    size_t i = 0, live = 0;

    for (; hf_hosts_next(hosts, &cursor, &entry); i++) {
        check(i < m->count);
        check_entry(&entry, &m->entries[i]);
        check(hf_hosts_get(hosts, &m->entries[i].host, m->entries[i].partition, &got));
        check_entry(&got, &m->entries[i]);
        check(hf_entry_is_live(&entry, now) == model_live(&m->entries[i], now));
        live += model_live(&m->entries[i], now);
    }
    check(i == m->count && hf_hosts_count(hosts) == i && hf_hosts_count_live(hosts, now) == live);
}

static void check_match(const hf_hosts *hosts, const model *m, input *in, int64_t now)
{
    hf_host host = take_host(in);
    hf_span partition = take_partition(in);
    hf_entry entry = hf_entry_init();
    const known *k = NULL;
    hf_match match = model_match(m, &host, partition, now, &k);

    check(hf_hosts_match(hosts, &host, partition, now, &entry) == match);
    if (k != NULL)
        check_entry(&entry, k);
    check(hf_hosts_get(hosts, &host, partition, NULL) ==
          (host.kind != HF_HOST_OTHER && model_find(m, host.name, host.length, partition) < m->count));
}

/* -- Operations ---------------------------------------------------------------------------------------------------- */

/* HF_NOTED_ADDED: it does not. */
static hf_noted model_refuses(const model *m, const hf_host *host, const hf_response *r)
{
    if (!r->secure)
        return HF_NOTED_IGNORED_INSECURE;
    if (r->tls_error)
        return HF_NOTED_IGNORED_TLS_ERROR;
    if (host->kind == HF_HOST_IPV4)
        return HF_NOTED_IGNORED_IP;
    if (host->kind == HF_HOST_OTHER)
        return HF_NOTED_IGNORED_NOT_A_DNS_NAME;
    if (model_exempt(m, host))
        return HF_NOTED_IGNORED_LOCALHOST;
    if (r->context == HF_CONTEXT_CROSS_SITE && !r->allow_cross_site)
        return HF_NOTED_IGNORED_CROSS_SITE;
    return HF_NOTED_ADDED;
}

static hf_status model_note(model *m, const hf_host *host, const hf_policy *policy, const hf_response *r,
                            hf_noted *noted)
{
    const hf_noted refused = model_refuses(m, host, r);

    if (refused != HF_NOTED_ADDED) {
        *noted = refused;
        return HF_OK;
    }
    size_t i = model_find(m, host->name, host->length, r->partition);
    bool replaced = i < m->count;
    if (policy->max_age == 0) {
        if (replaced)
            model_drop(m, i);
        *noted = replaced ? HF_NOTED_FORGOTTEN : HF_NOTED_IGNORED_UNKNOWN;
        return HF_OK;
    }
    int64_t expires = policy->max_age > HF_TIME_NEVER - r->now ? HF_TIME_NEVER : r->now + policy->max_age;
    known k = {*host,   r->partition,     policy->max_age, r->now,
               expires, HF_SOURCE_HEADER, HF_STATE_SET,    policy->include_subdomains};
    hf_status status = model_set(m, &k, r->now, &replaced);
    *noted = replaced ? HF_NOTED_RENEWED : HF_NOTED_ADDED;
    return status;
}
static void note(hf_hosts *hosts, model *m, input *in, int64_t now)
{
    hf_host host = take_host(in);
    unsigned bits = take(in), age = take(in);
    hf_policy policy = {age == 0xff ? INT64_MAX : (int64_t)(age & 63), (bits & 1) != 0, false};
    hf_response r = hf_response_init();

    r.now = now;
    r.secure = (bits & 0x18) != 0x18;
    r.tls_error = (bits & 0x60) == 0x60;
    r.allow_cross_site = (bits & 0x80) != 0;
    r.context = (hf_context)((bits >> 1 & 3) % 3);
    r.partition = take_partition(in);
    hf_noted noted, wanted;
    hf_status status = model_note(m, &host, &policy, &r, &wanted);
    check(hf_hosts_note(hosts, &host, &policy, &r, &noted) == status);
    check(status != HF_OK || noted == wanted);
}

static void put(hf_hosts *hosts, model *m, input *in, int64_t now)
{
    unsigned bits = take(in);
    known k = {.host = take_host(in), .partition = take_partition(in)};

    k.max_age = take_time(in);
    k.observed = take_time(in);
    k.expires = take_time(in);
    k.source = (hf_source)((bits >> 1 & 3) % 3);
    k.state = (hf_state)(bits >> 3 & 3);
    k.include_subdomains = (bits & 1) != 0;
    k.host.kind = HF_HOST_NAME;
    hf_entry entry = hf_entry_init();
    entry.host = (hf_span){k.host.name, k.host.length};
    entry.partition = k.partition;
    entry.max_age = k.max_age;
    entry.observed = k.observed;
    entry.expires = k.expires;
    entry.source = k.source;
    entry.state = k.state;
    entry.include_subdomains = k.include_subdomains;
    bool replaced;
    check(hf_hosts_put(hosts, &entry, now) == model_set(m, &k, now, &replaced));
}

static void forget_some(hf_hosts *hosts, model *m, input *in, bool subtree)
{
    hf_host top = take_host(in);
    int64_t from = take_time(in), to = take_time(in);
    size_t before = m->count;

    for (size_t i = m->count; i-- > 0;) {
        int64_t observed = m->entries[i].observed;
        if (subtree ? top.kind != HF_HOST_OTHER && is_below(&m->entries[i], &top) : observed >= from && observed < to)
            model_drop(m, i);
    }
    check((subtree ? hf_hosts_forget_subtree(hosts, &top) : hf_hosts_forget_between(hosts, from, to)) ==
          before - m->count);
}

static void forget_one(hf_hosts *hosts, model *m, input *in)
{
    hf_host host = take_host(in);
    hf_span partition = take_partition(in);
    size_t i = host.kind == HF_HOST_OTHER ? m->count : model_find(m, host.name, host.length, partition);

    check(hf_hosts_forget(hosts, &host, partition) == (i < m->count));
    if (i < m->count)
        model_drop(m, i);
}

/* Forgets every second entry while walking. */
static void forget_walking(hf_hosts *hosts, model *m)
{
    uint64_t cursor = 0;
    hf_entry entry = hf_entry_init();

    for (size_t i = 0, seen = 0; hf_hosts_next(hosts, &cursor, &entry); seen++) {
        check_entry(&entry, &m->entries[i]);
        known k = m->entries[i];
        if (seen % 2 != 0) {
            i++;
            continue;
        }
        check(hf_hosts_forget(hosts, &k.host, k.partition) == 1);
        model_drop(m, i);
    }
}

static void operate(hf_hosts *hosts, model *m, input *in, int64_t now)
{
    switch (take(in) % 16) {
    default:
        note(hosts, m, in, now);
        break;
    case 8:
    case 9:
    case 10:
        put(hosts, m, in, now);
        break;
    case 11:
        forget_one(hosts, m, in);
        break;
    case 12:
        forget_some(hosts, m, in, true);
        break;
    case 13:
        forget_some(hosts, m, in, false);
        break;
    case 14:
        check(hf_hosts_forget_expired(hosts, now) == model_drop_expired(m, now));
        break;
    case 15:
        forget_walking(hosts, m);
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > INPUT_MAX)
        return 0;
    input in = {data, size};
    hf_hosts_options options = hf_hosts_options_init();
    static const size_t limits[] = {LIMIT_LARGE, LIMIT_SMALL, LIMIT_LARGE, LIMIT_MIDDLE};
    unsigned bits = take(&in);
    options.seed = bits + 1; /* 0 would make another table of the same input */
    options.limit = limits[bits >> 1 & 3];
    options.enforce_localhost = (bits & 1) != 0;
    hf_hosts *hosts;
    model m = {.limit = options.limit, .enforce_localhost = options.enforce_localhost};
    check(hf_hosts_new(&options, &hosts) == HF_OK);
    for (int64_t now = 0; in.left > 0;) {
        now += (int64_t)(take(&in) & 31);
        operate(hosts, &m, &in, now);
        check_all(hosts, &m, now);
        check_match(hosts, &m, &in, now);
    }
    size_t count = m.count;
    check(hf_hosts_clear(hosts) == count && hf_hosts_count(hosts) == 0);
    hf_hosts_free(hosts);
    return 0;
}
