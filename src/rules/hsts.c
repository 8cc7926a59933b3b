/* What the STS field does, by the engine: the same code that a user agent would run on this response. */
#include "rules/families.h"

#include "browsers/policies.h"
#include "findings/estate.h"

#define YEAR (365 * 86400) /* the least that the preload list asks for */
#define WEEKS_18 10886400  /* the least with which Firefox's list, and older entries of Chromium's, keep a host */
#define NOTES_NAMED 5      /* in the proof of a finding */
#define SUBJECT_MAX 40     /* octets shown of what a note is about */
#define VALUES_SHOWN 4     /* fields of one response, in the proof */
#define VALUE_MAX 100      /* octets shown of each */

/* -- Reading ------------------------------------------------------------------------------------------------------- */

static bool has_same_value(const facts_sts_field *a, const facts_sts_field *b)
{
    const hf_span one = a->sent.value, other = b->sent.value;

    if (a->count == 0 || b->count == 0)
        return a->count == b->count;
    return one.length == other.length && (one.length == 0 || memcmp(one.data, other.data, one.length) == 0);
}

/* The same answer again, by another way. */
static bool is_known(const finding_judgement *judgement, const facts_sts_field *field)
{
    for (size_t i = 0; i < judgement->field_count; i++)
        if (strcmp(judgement->fields[i].hop->url, field->hop->url) == 0 && has_same_value(&judgement->fields[i], field))
            return true;
    return false;
}

static void read_fields(const rule_context *context)
{
    const facts_site *site = context->site;
    finding_judgement *judgement = context->judgement;

    judgement->fields =
        base_arena_take(context->arena, FACTS_WAYS * (FACTS_REDIRECTS_MAX + 1) * sizeof *judgement->fields);
    for (facts_way way = 0; way < FACTS_WAYS; way++)
        for (size_t i = 0; i < site->chains[way].count; i++) {
            const facts_hop *hop = site->chains[way].hops[i];
            facts_sts_field *field = &judgement->fields[judgement->field_count];

            if (!hop->exchange.secure || hop->exchange.response == NULL || !facts_hop_is_of_site(hop, &site->host))
                continue;
            *field = rule_sts_field(&hop->host, &hop->exchange, judgement->now, context->values);
            field->hop = hop;
            if (way == FACTS_HTTPS && i == 0)
                judgement->own = field;
            if (!is_known(judgement, field))
                judgement->field_count++;
        }
}

/* -- Judging ------------------------------------------------------------------------------------------------------- */

/* The octets that a note is about: ": 'includeSubdomain'". */
static const char *subject_text(const facts_sts_field *field, const hf_note *note, base_arena *arena)
{
    const hf_span octets = {field->sent.value.data + note->offset, note->length};

    if (note->length == 0)
        return "";
    return base_arena_format(arena, ": '%s'", rule_escaped(octets, SUBJECT_MAX, "...", arena));
}

/* The first notes that matter, in one line; the report shows each at its place. NULL: there is none. */
static const char *notes_text(const facts_sts_field *field, hf_severity severity, base_arena *arena)
{
    const char *text = NULL;
    size_t count = 0;

    for (size_t i = 0; i < field->sent.note_count; i++) {
        const hf_note *note = &field->sent.notes[i];

        if (hf_note_severity(note->id) >= severity && count++ < NOTES_NAMED)
            text =
                base_arena_format(arena, "%s%s%s (at octet %zu)%s", text != NULL ? text : "", text != NULL ? "; " : "",
                                  hf_note_message(note->id), note->offset, subject_text(field, note, arena));
    }
    return count > NOTES_NAMED ? base_arena_format(arena, "%s; and %zu more", text, count - NOTES_NAMED) : text;
}

/* Every value, in the order in which they came. */
static const char *values_text(const facts_response *response, base_arena *arena)
{
    const char *text = "";
    size_t shown = 0;

    for (size_t i = 0; i < response->count && shown < VALUES_SHOWN; i++)
        if (hf_header_is_sts(response->fields[i].name.data, response->fields[i].name.length))
            text = base_arena_format(arena, "%s%s'%s'", text, shown++ > 0 ? ", " : "",
                                     rule_escaped(response->fields[i].value, VALUE_MAX, "...", arena));
    return facts_sts_count(response) > shown ? base_arena_format(arena, "%s, ...", text) : text;
}

static const char *header_text(const hf_policy *policy, base_arena *arena)
{
    char value[HF_HEADER_MAX];
    size_t length;

    return hf_header_format(policy, value, sizeof value, &length) == HF_OK
               ? base_arena_format(arena, HF_HEADER_NAME ": %s", value)
               : NULL;
}

/* The policy with the directives that were misspelt. */
static hf_policy meant_policy(const facts_sts_field *field)
{
    hf_policy policy = field->sent.policy;

    for (size_t i = 0; i < field->sent.note_count; i++) {
        const hf_note *note = &field->sent.notes[i];
        const char *meant =
            note->id == HF_NOTE_NEAR_MISS ? hf_header_meant(field->sent.value.data + note->offset, note->length) : NULL;

        policy.include_subdomains |= meant != NULL && strcmp(meant, "includeSubDomains") == 0;
        policy.preload |= meant != NULL && strcmp(meant, "preload") == 0;
    }
    return policy;
}

/* What hstspreload.org asks for is more than the operator may want: both ways are shown. */
static const char *preload_fix(const hf_policy *meant, base_arena *arena)
{
    hf_policy without = *meant, eligible = *meant;

    without.preload = false;
    eligible.include_subdomains = true;
    if (eligible.max_age < YEAR)
        eligible.max_age = YEAR;
    return base_arena_format(
        arena,
        "Leave out preload: %s. Only if every subdomain serves HTTPS, and will for years, send what the "
        "preload list asks for: %s",
        header_text(&without, arena), header_text(&eligible, arena));
}

/* The header that says what was meant; NULL where that is the one that was sent. */
static const char *fix_text(const facts_sts_field *field, base_arena *arena)
{
    const hf_policy meant = meant_policy(field);
    const char *text = header_text(&meant, arena);

    if (meant.preload && (!meant.include_subdomains || meant.max_age < YEAR))
        return preload_fix(&meant, arena);
    if (text == NULL)
        return NULL;
    if (meant.include_subdomains && !field->sent.policy.include_subdomains)
        return base_arena_format(arena, "Send %s, which binds every subdomain, too", text);
    return base_arena_format(arena, "Send %s, which is what browsers make of it", text);
}

static void judge_value(const rule_context *context, const facts_sts_field *field)
{
    const char *warnings;

    if (!field->sent.valid) {
        rule_add(context, field->hop, RULE_HSTS_INVALID, "%s", notes_text(field, HF_SEVERITY_ERROR, context->arena));
        return;
    }
    warnings = notes_text(field, HF_SEVERITY_WARNING, context->arena);
    if (warnings != NULL) {
        finding *peculiar = rule_add(context, field->hop, RULE_HSTS_PECULIAR, "%s", warnings);
        const char *fix = fix_text(field, context->arena);

        /* Another page of the host may have been first, with the same notes and another policy: its fix stays. */
        if (peculiar->place.url == field->hop->url && fix != NULL)
            peculiar->fix = fix;
    }
    if (field->sent.policy.max_age == 0)
        rule_add(context, field->hop, RULE_HSTS_DISABLED, "max-age=0");
    else if (field->sent.policy.max_age < FINDING_SHORT)
        rule_add(
            context, field->hop, RULE_HSTS_SHORT, "max-age=%lld%s", (long long)field->sent.policy.max_age,
            field->sent.policy.max_age <= browsers_renewal_step(FACTS_ENGINE_FIREFOX)
                ? "; Firefox does not renew a policy of a day or less until it has ended, however often visitors come"
                : "");
}

static void judge_field(const rule_context *context, const facts_sts_field *field)
{
    if (field->count == 0)
        return;
    judge_value(context, field);
    if (field->count > 1)
        rule_add(context, field->hop, RULE_HSTS_SEVERAL, "%zu fields: %s", field->count,
                 values_text(field->hop->exchange.response, context->arena));
    if (field->hop->host.kind != HF_HOST_NAME)
        rule_add(context, field->hop, RULE_HSTS_IP_ADDRESS, "the host is %s", field->hop->host.name);
    if (hf_host_is_localhost(&field->hop->host))
        rule_add(context, field->hop, RULE_HSTS_LOCALHOST, "the host is %s", field->hop->host.name);
}

/* Where the field is looked for by mistake: a hop further on, where it is for another host or comes too late. */
static const facts_sts_field *find_elsewhere(const finding_judgement *judgement)
{
    for (size_t i = 0; i < judgement->field_count; i++)
        if (&judgement->fields[i] != judgement->own && judgement->fields[i].sent.valid)
            return &judgement->fields[i];
    return NULL;
}

static void judge_missing(const rule_context *context)
{
    const facts_sts_field *own = context->judgement->own, *elsewhere = find_elsewhere(context->judgement);
    const facts_response *response = own->hop->exchange.response;
    const char *more = "";

    if (facts_exchange_wants_certificate(&own->hop->exchange))
        return;
    if (facts_response_is_refusal(response)) {
        rule_add(context, own->hop, RULE_HTTPS_REFUSED, "the answer is %d%s", response->status,
                 response->status == 429 ? ": too many requests" : "");
        return;
    }
    if (elsewhere != NULL)
        more = base_arena_format(context->arena, "; %s sends one, which is for %s alone", elsewhere->hop->url,
                                 elsewhere->hop->host.name);
    rule_add(context, own->hop, RULE_HSTS_MISSING, "%zu fields came with status %d, none of them " HF_HEADER_NAME "%s",
             response->count, response->status, more);
}

static const char *value_text(const facts_sts_field *field, base_arena *arena)
{
    char text[HF_HEADER_MAX];
    size_t length;

    if (!field->sent.valid || hf_header_format(&field->sent.policy, text, sizeof text, &length) != HF_OK)
        return "none";
    return base_arena_string(arena, text);
}

/* Every answer of a host whose first one carries a policy should carry it too. */
static void judge_same_host(const rule_context *context, const facts_sts_field *field)
{
    const facts_sts_field *own = context->judgement->own;

    if (field->count == 0)
        rule_add(context, field->hop, RULE_REDIRECT_WITHOUT_HSTS,
                 "the response with status %d has none, that of %s has one", field->hop->exchange.response->status,
                 own->hop->url);
    else if (field->sent.valid && (field->sent.policy.max_age != own->sent.policy.max_age ||
                                   field->sent.policy.include_subdomains != own->sent.policy.include_subdomains))
        rule_add(context, field->hop, RULE_HSTS_DIFFERS, "%s: %s; %s: %s", own->hop->url,
                 value_text(own, context->arena), field->hop->url, value_text(field, context->arena));
}

/* RFC 6797 8.2: a superdomain match counts if the policy asserts includeSubDomains. */
static bool is_covered(const facts_sts_field *own, const facts_sts_field *field)
{
    return own->sent.policy.include_subdomains && field->hop->host.length >= own->hop->host.length;
}

static void judge_others(const rule_context *context)
{
    const finding_judgement *judgement = context->judgement;
    const facts_sts_field *own = judgement->own;

    for (size_t i = 0; i < judgement->field_count; i++) {
        const facts_sts_field *field = &judgement->fields[i];

        if (field == own || field->hop->exchange.tls.error_count > 0)
            continue;
        if (strcmp(field->hop->host.name, own->hop->host.name) == 0)
            judge_same_host(context, field);
        else if (field->noted == HF_NOTED_IGNORED_NO_FIELD && !is_covered(own, field))
            rule_add(context, field->hop, RULE_HOST_WITHOUT_POLICY, "the response with status %d has no HSTS header",
                     field->hop->exchange.response->status);
    }
}

static void judge_subdomains(const rule_context *context)
{
    const finding_judgement *judgement = context->judgement;
    const facts_sts_field *own = judgement->own;

    for (size_t i = 0; i < judgement->field_count; i++) {
        const facts_sts_field *field = &judgement->fields[i];

        if (field->hop->host.length == own->hop->host.length + 4 && strncmp(field->hop->host.name, "www.", 4) == 0 &&
            field->noted == HF_NOTED_ADDED && field->sent.policy.include_subdomains) {
            rule_add(context, field->hop, RULE_HSTS_SUBDOMAINS_NOT_ON_APEX, "%s: %s; %s: %s", own->hop->url,
                     value_text(own, context->arena), field->hop->url, value_text(field, context->arena));
            return;
        }
    }
    rule_add(context, own->hop, RULE_HSTS_WITHOUT_SUBDOMAINS, "%s", value_text(own, context->arena));
}

/* What the list asks for whose entry it is, and does to a host that serves less; NULL: the max-age is long enough. */
static const char *floor_text(const facts_listing *listing, int64_t max_age)
{
    if (listing->engine == FACTS_ENGINE_FIREFOX && max_age < WEEKS_18)
        return "Firefox's list drops hosts that serve less than 10886400 (18 weeks) when they are scanned";
    if (listing->engine == FACTS_ENGINE_CHROMIUM && max_age < WEEKS_18)
        return "Chromium's list removes hosts that serve less than 10886400 (18 weeks), and its form asks for 31536000";
    if (listing->engine == FACTS_ENGINE_CHROMIUM && max_age < YEAR)
        return "the form of Chromium's list asks for 31536000, and entries made since it does are held to that";
    return NULL;
}

/* Only the host of the entry itself is scanned, not what lies below. */
static void judge_preloaded(const rule_context *context)
{
    const facts_site *site = context->site;
    const facts_sts_field *own = context->judgement->own;
    const char *text = "";

    if (own->count == 0 || !own->sent.valid)
        return;
    for (size_t i = 0; i < site->listing_count; i++) {
        const facts_listing *listing = &site->listings[i];
        const char *floor = floor_text(listing, own->sent.policy.max_age);

        if (listing->matched != NULL && strcmp(listing->matched, site->host.name) == 0 && floor != NULL)
            text = base_arena_format(context->arena, "%s; %s (%s lists it: %s)", text, floor, listing->browsers,
                                     listing->age);
    }
    if (*text != '\0')
        rule_add(context, own->hop, RULE_HSTS_SHORT_ON_PRELOADED, "max-age=%lld%s", (long long)own->sent.policy.max_age,
                 text);
}

static void judge_site(const rule_context *context)
{
    finding_judgement *judgement = context->judgement;

    read_fields(context);
    for (size_t i = 0; i < judgement->field_count; i++)
        judge_field(context, &judgement->fields[i]);
    if (judgement->own == NULL)
        return;
    if (judgement->own->count == 0)
        judge_missing(context);
    judge_preloaded(context);
    if (judgement->own->noted != HF_NOTED_ADDED)
        return;
    judge_others(context);
    if (context->site->registrable && !judgement->own->sent.policy.include_subdomains)
        judge_subdomains(context);
}

const rule_family rule_family_hsts = {.name = "hsts", .site = judge_site};
