/*
 * batch/tally.h: what a run counts, and the exit code that follows from it.
 */
#ifndef BATCH_TALLY_H
#define BATCH_TALLY_H

#include "batch/batch.h"

void batch_tally_add(facts_tally *tally, const batch_result *result, unsigned tries);

/* True if a failure of this code may be gone a moment later. */
bool batch_may_pass(uint32_t code);

/* The exit code of a run that went through. */
int batch_tally_code(const facts_tally *tally);

#endif
