/*
 * stores/losses.h: what did not come along, for the outcome of a change.
 */
#ifndef STORES_LOSSES_H
#define STORES_LOSSES_H

#include "facts/stores.h"

#include <stdio.h>

/* Counts each of `losses` and keeps the first names. `left_out` gets a line for a row that is left out; NULL: nobody
 * asked. */
void stores_note_losses(facts_store_outcome *outcome, FILE *left_out, hf_losses losses, const hf_row *row);

/* The loss of this bit, made when it is the first. */
facts_store_loss *stores_loss(facts_store_outcome *outcome, unsigned bit);

#endif
