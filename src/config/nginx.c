/* nginx, as a platform. */
#include "config/nginx_generate.h"
#include "config/nginx_matrix.h"
#include "config/nginx_rules.h"
#include "config/platform.h"

#include <string.h>

static const char *const contexts[] = {"main", "http-block", "http", "server", NULL};
static const char *const main_files[] = {"nginx.conf", NULL};
static const char *const endings[] = {".conf", NULL};

static nginx_context context_of(const char *name)
{
    if (name == NULL)
        return NGINX_CONTEXT_AUTO;
    if (strcmp(name, "http") == 0)
        return NGINX_CONTEXT_HTTP;
    return strcmp(name, "server") == 0 ? NGINX_CONTEXT_SERVER : NGINX_CONTEXT_MAIN;
}

static bool is_bounded(const nginx_model *model, const config_asking *asking, base_error *error)
{
    if (nginx_step(model, 0))
        return true;
    base_error_set(error, "%s: its variables, maps and set lines lead to more than %zu steps",
                   BASE_CUT(asking->files[0]->name), NGINX_STEPS_MAX);
    return false;
}

static void judge(const nginx_judging *judging)
{
    nginx_judge_files(judging);
    nginx_judge_lines(judging);
    nginx_judge_emitters(judging);
    nginx_judge_levels(judging);
    nginx_judge_redirects(judging);
    nginx_judge_servers(judging);
}

static bool lint_all(const config_asking *asking, config_lint *lint, base_error *error)
{
    base_arena *arena = &lint->estate->arena;
    nginx_models models;
    nginx_judging *judgings;

    if (!nginx_models_make(lint->estate, asking->files, asking->file_count, context_of(asking->context),
                           asking->version, &models, error))
        return false;
    judgings = base_arena_take(arena, (models.count + 1) * sizeof *judgings);
    for (size_t i = 0; i < models.count; i++) {
        judgings[i] = (nginx_judging){.model = &models.items[i], .lint = lint, .arena = arena};
        judge(&judgings[i]);
    }
    nginx_judge_estate(judgings, models.count);
    for (size_t i = 0; i < models.count; i++)
        if (!is_bounded(&models.items[i], asking, error))
            return false;
    return true;
}

static bool matrix_of(const config_asking *asking, config_estate *estate, facts_matrix *matrix, base_error *error)
{
    nginx_models models;

    if (!nginx_models_make(estate, asking->files, asking->file_count, context_of(asking->context), asking->version,
                           &models, error))
        return false;
    if (nginx_matrix_make(&models, &estate->arena, matrix, error))
        return true;
    base_error_wrap(error, "%s", BASE_CUT(asking->files[0]->name));
    return false;
}

const config_platform config_nginx = {
    .name = "nginx",
    .contexts = contexts,
    .main_files = main_files,
    .endings = endings,
    .lint = lint_all,
    .matrix = matrix_of,
    .generate = nginx_generate,
};
