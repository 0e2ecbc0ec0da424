package dev.eventvalues.verification;

import dev.eventvalues.verification.campaign.CampaignCommand;
import dev.eventvalues.verification.campaign.SoakCommand;
import dev.eventvalues.verification.fuzzing.FuzzCommand;
import dev.eventvalues.verification.models.ModelsCommand;
import dev.eventvalues.verification.models.RacesCommand;
import dev.eventvalues.verification.mutants.MutantsCommand;
import dev.eventvalues.verification.repeat.RepeatCommand;
import dev.eventvalues.verification.states.SchedulesCommand;
import dev.eventvalues.verification.states.SequencesCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command {@code prove}: one subcommand for each kind of evidence. */
@Command(
        name = "prove",
        description = "Collects evidence that no fault loses a state, and shows what there is.",
        synopsisSubcommandLabel = "KIND",
        subcommands = {
            SequencesCommand.class,
            SchedulesCommand.class,
            CampaignCommand.class,
            SoakCommand.class,
            ModelsCommand.class,
            RacesCommand.class,
            MutantsCommand.class,
            FuzzCommand.class,
            RepeatCommand.class,
            ShowCommand.class
        },
        commandListHeading = "%nKinds of evidence:%n",
        footerHeading = "%n",
        footer = "What was tried is kept in verification/results; a later run goes on behind it.")
@SuppressWarnings("unused") // picocli uses the fields
public final class Prove {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help message and exit.")
    private boolean help;

    private Prove() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new Prove()).execute(args));
    }
}
