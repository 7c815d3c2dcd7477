import { CONFIGURATION_WAYS_OUT, KEY_WAYS_OUT, LIMIT_WAYS_OUT } from "./configuration.ts";
import { DRIFT_WAYS_OUT } from "./onDrift.ts";
import type { WayOut } from "./wayOut.ts";

/** Every way out that a test carries out. */
export const WAYS_OUT: readonly WayOut[] = [
	...DRIFT_WAYS_OUT,
	...LIMIT_WAYS_OUT,
	...CONFIGURATION_WAYS_OUT,
	...KEY_WAYS_OUT,
];

/** The reason why the remedy of a code is not carried out here. */
export const NOT_CARRIED_OUT: Readonly<Record<string, string>> = {
	DeclaredTwice: "the remedy is a change of the program; twice.test.ts makes it",
	HeldElsewhere: "the remedy is a change of the program; takeover.test.ts makes it",
	NotReplaceable:
		"the remedy is a change of the program; machines.life.test.ts and the contract suite make it",
	IdentityMismatch:
		"the remedy is a change of the program; the recollected.test.ts files of the contract suite make it",
	OutcomeUnknown: "the remedy is to wait for the service and run the command again; trouble.test.ts does",
	FleetError: "the remedies are those of the members' own errors",
	KeysWithheld: "the remedy is another policy or role; withheldKeys.test.ts grants it",
	AddressWithheld: "the remedy is an option of the command, which cli.test.ts passes",
	LaterState: "the remedy is to install a later release",
	UnreadableState: "the remedy is an earlier state from the history of a backend",
	ImportFailed: "the remedy depends on Autopilot's own error, and may be another tenant's",
	ImportPending: "the remedy is to run the command again; machines.trouble.long.test.ts does",
	AmbiguousSerial: "the remedy is to look up a machine's product key",
	NothingToAdopt: "the remedy is to look up a machine's serial number or hash",
	SerialNumberMismatch: "the remedy is to look at the machine, or a change of the program",
	WrongMachine: "the remedy is a refresh, after which a person decides what to do",
	StillEnrolled: "the remedy is in Intune; machines.drift.long.test.ts plays it",
	NotConfirmed: "the remedy is to run the command again later",
	NoImportRecord: "the remedy is a strategy that the tenant must support",
	NoSuchMachine: "the remedy is to correct what a program looks up",
	FleetFileError: "the remedy is to correct a file",
	AutopilotCsvError: "the remedy is to export a file again from the machines",
	UsageError: "the remedy is in the command's --help",
	CommandError: "the remedy is outside of Pulumi: a program on the PATH, a folder, a file",
	SignInError: "the remedy is in Microsoft Entra or in the environment of the pipeline",
	WrongTenant:
		"the remedy is another sign-in, or the tenant that the stack left; the tenants.test.ts files have both",
	LongWaitRequired:
		"the remedy is to run the command again later, or a longer timeout, which depends on the service's pace",
	DeadlineExceeded: "the remedy is a longer timeout, which depends on the service's pace",
	NotConnected: "the remedy is in the network",
	ConnectionLost: "the remedy is to run the command again",
	SharedFault: "the remedy is that of the error to which the message refers",
	UnreadableAnswer: "the remedy is in a proxy's settings",
};
