/*
 * facts/live.h: what a running server sent, beside what its configuration predicts (facts/matrix.h). Everything is
 * borrowed.
 */
#ifndef FACTS_LIVE_H
#define FACTS_LIVE_H

#include "facts/matrix.h"

/* symbol, name: what a response says about the prediction. The names are stable. */
#define FACTS_LIVE_MAP(X)                                                                                              \
    X(SAME, "same")                                                                                                    \
    X(DIFFERS, "differs")                                                                                              \
    X(UNSURE, "unsure") /* the configuration alone does not decide, or says nothing of this status */                  \
    X(UNSEEN, "unseen") /* there was no response */

typedef enum facts_live_result {
#define FACTS_X(symbol, name) FACTS_LIVE_##symbol,
    FACTS_LIVE_MAP(FACTS_X)
#undef FACTS_X
} facts_live_result;

const char *facts_live_name(facts_live_result result);

typedef struct facts_live_answer {
    const char *url;
    const facts_matrix_row *row;
    int status;                /* 0: there was no response */
    const char *const *values; /* of its HSTS headers, in their order */
    size_t value_count;
    const char *trouble; /* why there was none; NULL: there was one */
    facts_live_result result;
    const facts_matrix_cell *cell; /* what is predicted, where it differs; NULL: nothing or the same */
} facts_live_answer;

/* Sets `result` and `cell` by the row, the status and the values. */
void facts_live_judge(facts_live_answer *answer);

typedef struct facts_live {
    const facts_live_answer *answers;
    size_t count;
    size_t results[FACTS_LIVE_UNSEEN + 1]; /* how many of each */
    const char *const *notes;              /* what was not asked, and why */
    size_t note_count;
} facts_live;

#endif
