import * as pulumi from "@pulumi/pulumi";
import { MEMBERS_OUTPUT } from "../stateKeys.ts";
import { AUTOPILOT_REGISTRY, createMachineKey, trackDeclaration } from "./duplicateDeclarations.ts";
import { createFleetInput } from "./fleetInput.ts";
import { createHiddenInputs, preferDeleteBeforeReplace, tagResource } from "./resourceOptions.ts";
import { trampoline } from "./trampoline.ts";
import { rejectUnknownArguments } from "./unknownArguments.ts";

/** A machine of a fleet: what an `AutopilotIdentity` declares. */
export interface FleetMachine {
	/** The machine's serial number, exactly as its firmware tells it. Default: the machine's name in the fleet. */
	serialNumber?: string;
	/**
	 * The 4K hardware hash in base64. Required unless the fleet adopts. Another hash replaces the registration. A fleet that
	 * declares hashes is a secret as a whole.
	 */
	hardwareIdentifier?: string;
	/** The Windows product id of the machine, mostly left out. Another one replaces the registration. */
	productKey?: string;
	/** The tag by which groups of machines are formed, at most 2048 characters; the empty text takes it away. */
	groupTag?: string;
	/** The user principal name of the person whom the machine welcomes; the empty text takes the person off it. */
	assignedUserPrincipalName?: string;
	/** How the machine greets that person. */
	addressableUserName?: string;
	/** The name that the machine gets when it joins: 1 to 15 letters, digits and hyphens, not digits alone. */
	displayName?: string;
	/** A GUID that marks the record of this import. Default: derived from serial number, hash and product key. */
	importId?: string;
}

/** A machine as a list has it, `readAutopilotCsv` for example: its serial number is its name in the fleet. */
export interface ListedMachine extends FleetMachine {
	/** The machine's serial number, exactly as its firmware tells it; unique in the list. */
	serialNumber: string;
}

/** Everything that a program may say of a fleet of machines in Windows Autopilot. */
export interface AutopilotFleetArgs {
	/**
	 * The machines by names that are unique in the fleet, as a rule their serial numbers; or a list of machines, each
	 * called by its serial number. Only the map or the list as a whole may be an output or a promise, of which state keeps
	 * what it must as a secret, for it may be one; inside it they are a `TypeError`, for a text could not hold them.
	 */
	machines: pulumi.Input<Record<string, FleetMachine> | readonly ListedMachine[]>;
	/** What holds for every machine that does not say otherwise, property by property. */
	defaults?: Pick<FleetMachine, "groupTag" | "assignedUserPrincipalName" | "addressableUserName">;
	/** Take over machines that are registered already, instead of failing for them. Default: false. */
	adopt?: pulumi.Input<boolean>;
	/** What to do when somebody else changed a declared field. Default: `autopilot:onDrift`, else `reconcile`. */
	onDrift?: pulumi.Input<"reconcile" | "fail">;
}

/**
 * Many machines of Windows Autopilot as one resource. Each is imported, changed, checked for drift and deleted as an
 * `AutopilotIdentity` is, hundreds of them at a time. What succeeds is kept whatever happens to the rest, and the next
 * `pulumi up` does only that.
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
 * A machine's name in the fleet says only which one it is to Pulumi, so another name changes nothing but state. Where unlike
 * machines have one serial number, give them names of their own, and the serial number beside.
 */
export class AutopilotFleet extends pulumi.CustomResource {
	/** How many machines there are. */
	declare readonly count: pulumi.Output<number>;

	/**
	 * Declares a fleet.
	 *
	 * @param name the resource's name in the program, of which the service hears nothing
	 * @throws TypeError for an argument that there is not, for machines that are none, for outputs inside them, and for a serial
	 *   number that is twice in a list
	 */
	constructor(name: string, args: AutopilotFleetArgs, opts: pulumi.CustomResourceOptions = {}) {
		rejectUnknownArguments({
			type: "AutopilotFleet",
			name,
			args,
			knownArgs: Object.keys(AUTOPILOT_FLEET_ARGS),
		});
		const { text, isSecret } = createFleetInput(args.machines, {
			...AUTOPILOT_FLEET_INPUT,
			defaults: args.defaults ?? {},
		});
		const secrets = isSecret ? [MEMBERS_OUTPUT] : [];
		super(
			"pulumi-nodejs:dynamic/autopilot:AutopilotFleet",
			name,
			{
				count: undefined,
				machines: text,
				adopt: args.adopt,
				onDrift: args.onDrift,
				...createHiddenInputs({ type: "AutopilotFleet", name, opts }),
				__provider: trampoline("autopilotFleet"),
			},
			{
				...preferDeleteBeforeReplace(opts),
				additionalSecretOutputs: [...secrets, ...(opts.additionalSecretOutputs ?? [])],
			},
		);
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

	/** Whether this is an AutopilotFleet, of whichever copy of this package. */
	static override isInstance(value: unknown): value is AutopilotFleet {
		return pulumi.CustomResource.isInstance(value) && "count" in value && "machines" in value;
	}
}

/** Every argument; one without an entry does not compile. */
const AUTOPILOT_FLEET_ARGS: Readonly<Record<keyof AutopilotFleetArgs, true>> = {
	machines: true,
	defaults: true,
	adopt: true,
	onDrift: true,
};

const AUTOPILOT_FLEET_INPUT = {
	name: "machines",
	single: "AutopilotIdentity",
	isSecret: ({ hardwareIdentifier }: FleetMachine): boolean => Boolean(hardwareIdentifier),
	keyMembers: (machines: unknown): unknown =>
		Array.isArray(machines) ? mapBySerialNumber(machines) : machines,
};

/** A list as a map; a machine that would take the place of another one is refused. */
function mapBySerialNumber(machines: readonly unknown[]): Readonly<Record<string, unknown>> {
	const bySerial = new Map<string, unknown>();
	for (const [at, machine] of machines.entries()) {
		const serial = readSerialNumber(machine);
		if (typeof serial !== "string" || serial === "")
			throw new TypeError(`machines[${at}] must be an object with a serialNumber, a text that is not empty.`);
		if (bySerial.has(serial))
			throw new TypeError(
				`machines[${at}] has the serial number ${JSON.stringify(serial)}, as another machine of the list. Hand over an object with a name of its own for each machine.`,
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

/** The serial numbers of the machines that have a hash, by what tells them apart. */
function parseMachineKeys(text: string): ReadonlyMap<string, string> {
	const serialNumbers = new Map<string, string>();
	for (const [name, machine] of Object.entries<FleetMachine>(JSON.parse(text))) {
		const { serialNumber = name } = machine;
		const key = createMachineKey({ ...machine, serialNumber });
		if (key !== undefined) serialNumbers.set(key, serialNumber);
	}
	return serialNumbers;
}
