#include "agent/files.h"

#include "browsers/causes.h"

static facts_taking taking_of(const facts_tls *tls, facts_engine engine)
{
    facts_taking taking = {.known = true};

    taking.accepts = !browsers_page_of_tls(tls, engine, &taking.page);
    if (!taking.accepts)
        taking.known = browsers_page_is_known(&taking.page, engine);
    return taking;
}

void agent_judge_files(facts_files *files)
{
    for (size_t i = 0; i < files->name_count; i++)
        for (facts_engine engine = FACTS_ENGINE_ANY + 1; engine < FACTS_ENGINES; engine++)
            files->names[i].takings[engine] = taking_of(&files->names[i].hop.exchange.tls, engine);
}
