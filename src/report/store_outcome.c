#include "report/store_outcome.h"

#include <inttypes.h>

#define NAMES_SHOWN 10 /* of each loss and of what is forgotten, without --verbose */

static void print_loss(const facts_store_loss *loss, base_term *term, bool verbose)
{
    bool left_out = ((hf_losses)loss->loss & HF_LOSSES_LEFT_OUT) != 0;
    uint64_t shown = verbose ? FACTS_STORE_EXAMPLES_MAX : left_out ? NAMES_SHOWN : 0;

    base_term_line(term, left_out ? BASE_STYLE_WARN : BASE_STYLE_DIM, "  %" PRIu64 " %s: %s", loss->count,
                   hf_loss_name(loss->loss), hf_loss_text(loss->loss));
    shown = shown < loss->count ? shown : loss->count;
    for (uint64_t i = 0; i < shown; i++)
        base_term_line(term, BASE_STYLE_PLAIN, "    %s", loss->examples[i]);
    if (shown > 0 && shown < loss->count)
        base_term_line(term, BASE_STYLE_DIM, "    and %" PRIu64 " more%s", loss->count - shown,
                       left_out ? " (--left-out FILE gets them all)" : "");
}

void report_store_outcome_text(const facts_store_outcome *outcome, bool verbose, base_term *term)
{
    base_term_print(term, BASE_STYLE_BOLD, "%s:%s", outcome->store.kind, outcome->store.path);
    base_term_print(term, BASE_STYLE_PLAIN, ": %" PRIu64 " %s", outcome->added,
                    outcome->dry_run ? "would be written" : "written");
    if (outcome->kept + outcome->gone > 0)
        base_term_print(term, BASE_STYLE_PLAIN, ", %" PRIu64 " %s, %" PRIu64 " %s", outcome->kept,
                        outcome->dry_run ? "would stay" : "stayed", outcome->gone,
                        outcome->dry_run ? "would go" : "gone or replaced");
    if (outcome->newer > 0)
        base_term_print(term, BASE_STYLE_PLAIN, ", %" PRIu64 " known there from a later note", outcome->newer);
    if (outcome->left_out > 0)
        base_term_print(term, BASE_STYLE_WARN, ", %" PRIu64 " left out", outcome->left_out);
    base_term_gap(term);
    for (size_t i = 0; i < FACTS_STORE_LOSSES; i++) {
        if (outcome->losses[i] != NULL)
            print_loss(outcome->losses[i], term, verbose);
    }
    if (outcome->backup != NULL)
        base_term_line(term, BASE_STYLE_DIM, "  the store as it was: %s", outcome->backup);
}

static void loss_json(const facts_store_loss *loss, base_json *json)
{
    base_json_object_begin(json);
    base_json_key_string(json, "loss", hf_loss_name(loss->loss));
    base_json_key_string(json, "message", hf_loss_text(loss->loss));
    base_json_key(json, "left_out");
    base_json_bool(json, ((hf_losses)loss->loss & HF_LOSSES_LEFT_OUT) != 0);
    base_json_key(json, "count");
    base_json_int(json, (int64_t)loss->count);
    base_json_key(json, "hosts");
    base_json_array_begin(json);
    for (uint64_t i = 0; i < loss->count && i < FACTS_STORE_EXAMPLES_MAX; i++)
        base_json_string(json, loss->examples[i]);
    base_json_array_end(json);
    base_json_object_end(json);
}

static void key_count(base_json *json, const char *key, uint64_t count)
{
    base_json_key(json, key);
    base_json_int(json, (int64_t)count);
}

void report_store_outcome_json(const facts_store_outcome *outcome, base_json *json)
{
    base_json_key_string(json, "kind", outcome->store.kind);
    base_json_key_string(json, "path", outcome->store.path);
    base_json_key(json, "dry_run");
    base_json_bool(json, outcome->dry_run);
    key_count(json, "written", outcome->added);
    key_count(json, "stayed", outcome->kept);
    key_count(json, "gone", outcome->gone);
    key_count(json, "newer_there", outcome->newer);
    key_count(json, "left_out", outcome->left_out);
    base_json_key_string(json, "backup", outcome->backup);
    base_json_key(json, "losses");
    base_json_array_begin(json);
    for (size_t i = 0; i < FACTS_STORE_LOSSES; i++) {
        if (outcome->losses[i] != NULL)
            loss_json(outcome->losses[i], json);
    }
    base_json_array_end(json);
}

/* -- A copy -------------------------------------------------------------------------------------------------------- */

void report_store_copied_text(const facts_store_copied *copied, bool verbose, base_term *term)
{
    report_store_outcome_text(&copied->outcome, verbose, term);
    if (copied->expired > 0)
        base_term_line(term, BASE_STYLE_DIM, "  %" PRIu64 " expired, not taken", copied->expired);
    if (copied->superseded > 0)
        base_term_line(term, BASE_STYLE_DIM, "  %" PRIu64 " superseded by a later note of the same host",
                       copied->superseded);
    if (copied->lowered > 0)
        base_term_line(term, BASE_STYLE_WARN, "  %" PRIu64 " protected less than before", copied->lowered);
    if (copied->damaged > 0)
        base_term_line(term, BASE_STYLE_BAD, "  %" PRIu64 " damaged in the source (holdfast store list shows where)",
                       copied->damaged);
}

void report_store_copied_json(const facts_store_copied *copied, base_json *json)
{
    base_json_object_begin(json);
    report_store_outcome_json(&copied->outcome, json);
    key_count(json, "expired", copied->expired);
    key_count(json, "superseded", copied->superseded);
    key_count(json, "damaged", copied->damaged);
    base_json_key(json, "lowered");
    base_json_array_begin(json);
    for (uint64_t i = 0; i < copied->lowered && i < FACTS_STORE_EXAMPLES_MAX; i++)
        base_json_string(json, copied->lowered_hosts[i]);
    base_json_array_end(json);
    base_json_object_end(json);
}

/* -- What was forgotten -------------------------------------------------------------------------------------------- */

static void print_names(const facts_store_forgotten *forgotten, bool verbose, base_term *term)
{
    for (size_t i = 0; i < forgotten->name_count && (i < NAMES_SHOWN || verbose); i++)
        base_term_line(term, BASE_STYLE_PLAIN, "  %s", forgotten->names[i]);
    if (forgotten->name_count > NAMES_SHOWN && !verbose)
        base_term_line(term, BASE_STYLE_DIM, "  and %" PRIu64 " more (--verbose)",
                       forgotten->outcome.gone - NAMES_SHOWN);
}

/* What stayed although the user may have meant it. */
static void print_stays(const facts_store_forgotten *forgotten, base_term *term)
{
    if (forgotten->outcome.gone == 0 && forgotten->parent != NULL)
        base_term_line(term, BASE_STYLE_WARN,
                       "  it is covered by %s with includeSubDomains: that entry would have to go", forgotten->parent);
    if (forgotten->nameless > 0 && forgotten->subtree)
        base_term_line(term, BASE_STYLE_WARN,
                       "  %" PRIu64
                       " entries are known by their hash only: names below may be among them (--names FILE)",
                       forgotten->nameless);
    if (forgotten->untimed > 0)
        base_term_line(term, BASE_STYLE_WARN,
                       "  %" PRIu64 " stayed because this store does not keep when they were noted",
                       forgotten->untimed);
}

void report_store_forgotten_text(const facts_store_forgotten *forgotten, bool verbose, base_term *term)
{
    const facts_store_outcome *o = &forgotten->outcome;

    base_term_print(term, BASE_STYLE_BOLD, "%s:%s", o->store.kind, o->store.path);
    base_term_line(term, BASE_STYLE_PLAIN, ": %" PRIu64 " %s, %" PRIu64 " %s", o->gone,
                   o->dry_run ? "would be deleted" : "deleted", o->kept, o->dry_run ? "would stay" : "stayed");
    print_names(forgotten, verbose, term);
    print_stays(forgotten, term);
    if (o->backup != NULL)
        base_term_line(term, BASE_STYLE_DIM, "  the store as it was: %s (remove it too if nobody else should read it)",
                       o->backup);
}

void report_store_forgotten_json(const facts_store_forgotten *forgotten, base_json *json)
{
    base_json_object_begin(json);
    report_store_outcome_json(&forgotten->outcome, json);
    base_json_key(json, "deleted");
    base_json_array_begin(json);
    for (size_t i = 0; i < forgotten->name_count; i++)
        base_json_string(json, forgotten->names[i]);
    base_json_array_end(json);
    base_json_key_string(json, "covered_by", forgotten->outcome.gone == 0 ? forgotten->parent : NULL);
    base_json_object_end(json);
}
