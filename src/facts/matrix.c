#include "facts/matrix.h"

const char *facts_matrix_by_name(facts_matrix_by by)
{
    static const char *const names[] = {
#define FACTS_X(symbol, name) name,
        FACTS_MATRIX_BY_MAP(FACTS_X)
#undef FACTS_X
    };

    return names[by];
}
