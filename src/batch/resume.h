/*
 * batch/resume.h: where a run begins: at the start, or where the run before it came to.
 */
#ifndef BATCH_RESUME_H
#define BATCH_RESUME_H

#include "batch/batch.h"
#include "batch/output.h"
#include "batch/state.h"

/*
 * Opens --output and --resume, and sets *mark to the newest one that the output bears out; to one with nothing before
 * it if the run is new. What stands in the output behind the mark is to be cut, once it is known that the list is the
 * same. False, with the reason and the exit code: it cannot be.
 */
bool batch_resume(const batch_options *options, batch_output *output, batch_state *state, batch_mark *mark, int *code,
                  base_error *error);

#endif
