import * as pulumi from "@pulumi/pulumi";
import { MEMBERS_OUTPUT } from "../stateKeys.ts";
import { AUTOPILOT_REGISTRY, createMachineKey, trackDeclaration } from "./duplicateDeclarations.ts";
import { createFleetInput } from "./fleetInput.ts";
import { omitPromiseStacks } from "./promiseStacks.ts";
import { createHiddenInputs, prepareOptions, rejectImportOption, tagResource } from "./resourceOptions.ts";
import { trampoline } from "./trampoline.ts";
import { rejectUnknownArguments } from "./unknownArguments.ts";

/** A machine of a fleet: the arguments of an `AutopilotIdentity`. */
export interface FleetMachine {
	/** The machine's serial number, exactly as its firmware reports it. Default: the machine's name in the fleet. */
	serialNumber?: string;
	/**
	 * The 4K hardware hash in base64. Required unless `adopt` is true for the fleet. A hash of another machine replaces the registration.
	 * Declared hashes make the whole fleet a secret.
	 */
	hardwareIdentifier?: string;
	/** The Windows product id of the machine, usually omitted. With the same hash, a different one changes only state. */
	productKey?: string;
	/** The group tag, at most 2048 characters; the empty string removes it. */
	groupTag?: string;
	/** The user principal name of the assigned user; the empty string removes the user. */
	assignedUserPrincipalName?: string;
	/** The name with which the machine greets the assigned user. */
	addressableUserName?: string;
	/** The name that the machine gets when it joins: 1 to 15 letters, digits and hyphens, not only digits. */
	displayName?: string;
	/** A GUID that identifies the record of this import. Default: derived from serial number, hash and product key. */
	importId?: string;
	/**
	 * The reaction to a serial number that is not the one in the hash. The service takes the serial number from the hash, so `fail` is an
	 * error of the preview that names both. `accept` keeps the declared one in the program, for example an asset number; the output
	 * `serialNumber` is the one that the service lists. Default: `fail`.
	 */
	onSerialNumberMismatch?: "fail" | "accept";
}

/** A machine in a list, for example of `readAutopilotCsv`. Its serial number is its name in the fleet. */
export interface ListedMachine extends FleetMachine {
	/** The machine's serial number, exactly as its firmware reports it; unique in the list. */
	serialNumber: string;
}

/** The arguments of an {@link AutopilotFleet}. */
export interface AutopilotFleetArgs {
	/**
	 * The machines by names that are unique in the fleet, usually their serial numbers; or a list of machines, each named by
	 * its serial number. Only the map or the list as a whole may be an output or a promise; state then treats it as a secret,
	 * since it may be one. An output or a promise inside it is a `TypeError`, since the machines are sent as one string.
	 */
	machines: pulumi.Input<Record<string, FleetMachine> | readonly ListedMachine[]>;
	/** Defaults for all machines, for each property that a machine does not declare. */
	defaults?: Pick<
		FleetMachine,
		"groupTag" | "assignedUserPrincipalName" | "addressableUserName" | "onSerialNumberMismatch"
	>;
	/**
	 * Whether to take over machines that are registered already, instead of failing for them. Each is identified as for an
	 * AutopilotIdentity. Default: false.
	 */
	adopt?: pulumi.Input<boolean>;
	/**
	 * The reaction to declared values that were changed outside this program. Default: `autopilot:onDrift`, otherwise
	 * `reconcile`.
	 */
	onDrift?: pulumi.Input<"reconcile" | "fail">;
}

/**
 * Many machines of Windows Autopilot as one resource. Each machine is imported, updated, checked for drift and deleted like an
 * `AutopilotIdentity`, hundreds of them at a time. If some machines fail, the others are kept, and the next `pulumi up`
 * processes only the rest.
 *
 * ```ts
 * import { AutopilotFleet, readAutopilotCsv } from "pulumi-device-identity";
 *
 * new AutopilotFleet("kiosks", {
 * 	machines: readAutopilotCsv("machines.csv"),
 * 	defaults: { groupTag: "Kiosk" },
 * });
 * ```
 *
 * A machine's name in the fleet identifies it to Pulumi only, so a different name changes only state. Machines with the same serial
 * number need different names and an explicit `serialNumber`.
 *
 * @group Resources
 */
export class AutopilotFleet extends pulumi.CustomResource {
	/** The number of machines. */
	declare readonly count: pulumi.Output<number>;
	/**
	 * The Entra tenant in which the machines are registered: the `tid` of the token, a GUID in lower case. A run that is signed in to another
	 * tenant stops. Undefined if the token did not say it, and until the first refresh or write after an upgrade from a release without this
	 * output.
	 */
	declare readonly tenantId: pulumi.Output<string | undefined>;

	/**
	 * Declares a fleet.
	 *
	 * @param name the resource's name in the program; it is not sent to the service
	 * @throws TypeError for an unknown argument, for machines that are not objects, for outputs inside them, for the option
	 *   `import`, for a path of `ignoreChanges` that names nothing, and for a serial
	 *   number that occurs twice in a list
	 */
	constructor(name: string, args: AutopilotFleetArgs, opts: pulumi.CustomResourceOptions = {}) {
		rejectUnknownArguments({
			type: "AutopilotFleet",
			name,
			args,
			knownArgs: Object.keys(AUTOPILOT_FLEET_ARGS),
		});
		const members = MACHINE_MEMBERS_ARGUMENT;
		rejectImportOption({ type: "AutopilotFleet", name, opts, members });
		const { text, isSecret } = createFleetInput(args.machines, {
			...AUTOPILOT_FLEET_INPUT,
			defaults: args.defaults ?? {},
		});
		const secrets = isSecret ? [MEMBERS_OUTPUT] : [];
		const restoreStacks = omitPromiseStacks();
		try {
			super(
				"pulumi-nodejs:dynamic/autopilot:AutopilotFleet",
				name,
				{
					count: undefined,
					tenantId: undefined,
					machines: text,
					adopt: args.adopt,
					onDrift: args.onDrift,
					...createHiddenInputs({ type: "AutopilotFleet", name, opts, members }),
					__provider: trampoline("autopilotFleet"),
				},
				{
					...prepareOptions(opts, Object.keys(AUTOPILOT_FLEET_ARGS)),
					additionalSecretOutputs: [...secrets, ...(opts.additionalSecretOutputs ?? [])],
				},
			);
		} finally {
			restoreStacks();
		}
		tagResource(this, { type: "AutopilotFleet", name, opts });
		const reportDeclaration = trackDeclaration({
			resource: this,
			displayName: `AutopilotFleet ${name}`,
			objectNoun: "machine",
			opts,
		});
		if (reportDeclaration === undefined) return;
		pulumi.all([this.urn, text]).apply(([urn, machines]) =>
			reportDeclaration({
				urn,
				registry: AUTOPILOT_REGISTRY,
				listObjects: () => parseMachineKeys(machines),
			}),
		);
	}

	/** Whether a value is an AutopilotFleet, including one from another copy of this package. */
	static override isInstance(value: unknown): value is AutopilotFleet {
		return pulumi.CustomResource.isInstance(value) && "count" in value && "machines" in value;
	}
}

/** All arguments; a missing entry does not compile. */
const AUTOPILOT_FLEET_ARGS: Readonly<Record<keyof AutopilotFleetArgs, true>> = {
	machines: true,
	defaults: true,
	adopt: true,
	onDrift: true,
};

/** The properties of a machine; a missing entry does not compile. */
const MACHINE_PROPERTIES: Readonly<Record<keyof FleetMachine, true>> = {
	groupTag: true,
	assignedUserPrincipalName: true,
	addressableUserName: true,
	displayName: true,
	serialNumber: true,
	hardwareIdentifier: true,
	productKey: true,
	importId: true,
	onSerialNumberMismatch: true,
};

const MACHINE_MEMBERS_ARGUMENT = {
	name: "machines",
	example: "5CG1234ABC",
	memberProperties: Object.keys(MACHINE_PROPERTIES),
};

const AUTOPILOT_FLEET_INPUT = {
	name: "machines",
	memberType: "AutopilotIdentity",
	isSecret: ({ hardwareIdentifier }: FleetMachine): boolean => Boolean(hardwareIdentifier),
	keyMembers: (machines: unknown): unknown =>
		Array.isArray(machines) ? mapBySerialNumber(machines) : machines,
};

/** Returns a list of machines as a map by serial number. Throws for a machine without one, and for a repeated one. */
function mapBySerialNumber(machines: readonly unknown[]): Readonly<Record<string, unknown>> {
	const bySerial = new Map<string, unknown>();
	for (const [at, machine] of machines.entries()) {
		const serial = readSerialNumber(machine);
		if (typeof serial !== "string" || serial === "")
			throw new TypeError(`machines[${at}] must be an object with a serialNumber, a non-empty string.`);
		if (bySerial.has(serial))
			throw new TypeError(
				`machines[${at}] has the serial number ${JSON.stringify(serial)}, which another machine in the list also has. Pass an object with a unique name for each machine instead.`,
			);
		bySerial.set(serial, machine);
	}
	return Object.fromEntries(bySerial);
}

function readSerialNumber(machine: unknown): unknown {
	return typeof machine === "object" && machine !== null && "serialNumber" in machine
		? machine.serialNumber
		: undefined;
}

/** Returns serial numbers by machine key, for machines with a hash. */
function parseMachineKeys(text: string): ReadonlyMap<string, string> {
	const serialNumbers = new Map<string, string>();
	for (const [name, machine] of Object.entries<FleetMachine>(JSON.parse(text))) {
		const { serialNumber = name } = machine;
		const key = createMachineKey(machine.hardwareIdentifier);
		if (key !== undefined) serialNumbers.set(key, serialNumber);
	}
	return serialNumbers;
}
