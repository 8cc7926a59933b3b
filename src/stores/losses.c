#include "stores/losses.h"

facts_store_loss *stores_loss(facts_store_outcome *outcome, unsigned bit)
{
    facts_store_loss *loss = outcome->losses[bit];

    if (loss == NULL) {
        loss = outcome->losses[bit] = base_arena_take(&outcome->arena, sizeof *loss);
        loss->loss = (hf_loss)(1u << bit);
    }
    return loss;
}

static void note(facts_store_outcome *outcome, FILE *left_out, unsigned bit, const hf_row *row)
{
    facts_store_loss *loss = stores_loss(outcome, bit);
    hf_span name = row->host.length > 0 ? row->host : row->host_hash;

    if (loss->count < FACTS_STORE_EXAMPLES_MAX)
        loss->examples[loss->count] = base_arena_copy(&outcome->arena, name.data, name.length);
    loss->count++;
    if (left_out != NULL && ((hf_losses)loss->loss & HF_LOSSES_LEFT_OUT) != 0)
        fprintf(left_out, "%s\t%.*s\n", hf_loss_name(loss->loss), (int)name.length, name.data);
}

void stores_note_losses(facts_store_outcome *outcome, FILE *left_out, hf_losses losses, const hf_row *row)
{
    for (unsigned bit = 0; bit < FACTS_STORE_LOSSES; bit++) {
        if (losses >> bit & 1)
            note(outcome, left_out, bit, row);
    }
}
