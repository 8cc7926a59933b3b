#include "config/nginx_rules.h"

void nginx_judge_files(const nginx_judging *judging)
{
    (void)judging;
}
