#include "facts/live.h"

#include <string.h>

const char *facts_live_name(facts_live_result result)
{
    static const char *const names[] = {
#define FACTS_X(symbol, name) name,
        FACTS_LIVE_MAP(FACTS_X)
#undef FACTS_X
    };

    return names[result];
}

static bool is_sent(const facts_live_answer *answer, const char *value)
{
    for (size_t i = 0; i < answer->value_count; i++)
        if (value == NULL || strcmp(answer->values[i], value) == 0)
            return true;
    return false;
}

/* The application may send one of its own besides, where the server does not remove it. */
static bool agrees(const facts_live_answer *answer, const facts_matrix_cell *cell)
{
    const size_t most = cell->field_count + (cell->application_too ? 1 : 0);

    if (answer->value_count < cell->field_count || answer->value_count > most)
        return false;
    for (size_t i = 0; i < cell->field_count; i++)
        if (!is_sent(answer, cell->fields[i].value))
            return false;
    return true;
}

/* A status may come about in several ways: the response differs if it is none of them. */
void facts_live_judge(facts_live_answer *answer)
{
    const facts_matrix_cell *other = NULL;
    bool doubtful = false;

    answer->cell = NULL;
    answer->result = answer->status == 0 ? FACTS_LIVE_UNSEEN : FACTS_LIVE_UNSURE;
    for (size_t i = 0; i < answer->row->cell_count && answer->status != 0; i++) {
        const facts_matrix_cell *cell = &answer->row->cells[i];

        if (cell->by == FACTS_MATRIX_BY_NOTHING || (cell->status != answer->status && cell->status != 0))
            continue;
        if (agrees(answer, cell)) {
            answer->result = FACTS_LIVE_SAME;
            return;
        }
        doubtful = doubtful || !cell->sure;
        if (other == NULL && cell->status != 0)
            other = cell;
    }
    if (doubtful || other == NULL)
        return;
    answer->result = FACTS_LIVE_DIFFERS;
    answer->cell = other;
}
