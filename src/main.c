#include "cli.h"

/* In the order of work: help lists them so. */
static const struct mv_command *const COMMANDS[] = {
    &mv_cmd_import, &mv_cmd_label,   &mv_cmd_train,  &mv_cmd_evaluate,
    &mv_cmd_score,  &mv_cmd_explain, &mv_cmd_useful, &mv_cmd_report,
    &mv_cmd_models, &mv_cmd_verify,  &mv_cmd_forget, &mv_cmd_status,
    &mv_cmd_help,   NULL,
};

int main(int argc, char **argv)
{
    return mv_cli_main(COMMANDS, argc, argv);
}
