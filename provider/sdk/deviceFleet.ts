import * as pulumi from "@pulumi/pulumi";
import { MEMBERS_OUTPUT } from "../stateKeys.ts";
import type { GroupKeyArgs, RotationArgs } from "./deviceIdentity.ts";
import { trackDeclaration } from "./duplicateDeclarations.ts";
import { createFleetInput } from "./fleetInput.ts";
import { createHiddenInputs, preferDeleteBeforeReplace, tagResource } from "./resourceOptions.ts";
import { trampoline } from "./trampoline.ts";
import { rejectUnknownArguments } from "./unknownArguments.ts";

/** How a device of a fleet proves itself, as {@link AuthenticationArgs} without outputs. */
export interface FleetAuthentication {
	type?: "sas" | "selfSigned" | "certificateAuthority";
	/** Only with `sas`; both keys or neither. A fleet that declares keys is a secret as a whole. */
	symmetricKey?: { primaryKey: string; secondaryKey: string };
	/** Only with `selfSigned`. */
	x509Thumbprint?: { primaryThumbprint: string; secondaryThumbprint?: string };
}

/** A device of a fleet: what a `DeviceIdentity` declares, and its parent by id. */
export interface FleetDevice {
	/** Whether the device may connect. The hub's default is `enabled`. */
	status?: "enabled" | "disabled";
	/** Why the device has this status, at most 128 characters. */
	statusReason?: string;
	/**
	 * How the device proves itself. A fleet makes both keys of a device that declares none, and keeps them nowhere: they are
	 * random but for 8 bytes, which prove to a later run which fleet made the device.
	 */
	authentication?: FleetAuthentication;
	/** What the device is able to be. */
	capabilities?: { iotEdge?: boolean };
	/** The id of the gateway of this fleet that is the device's parent. It is made before the device. */
	parent?: string;
}

/** A rotation of the keys of a fleet, in waves if need be. */
export interface FleetRotationArgs extends RotationArgs {
	/**
	 * The percentage of the devices that it is for. They are chosen by their ids, so raising it from 10 to 50 rotates only those
	 * that were not among the first. A device that is made while the rotation is declared has new keys, so it is left out of
	 * all of its waves. Default: 100.
	 */
	share?: pulumi.Input<number>;
}

/** Everything that a program may say of a fleet of IoT Hub devices. */
export interface DeviceFleetArgs {
	/**
	 * The devices by their ids. Only the map as a whole may be an output or a promise, of which state keeps what it must as a
	 * secret, for it may be one; inside the map they are a `TypeError`, for a text could not hold them.
	 */
	devices: pulumi.Input<Record<string, FleetDevice>>;
	/**
	 * What holds for every device that does not say otherwise. A property of the device's takes the place of this one as a
	 * whole: a device with an `authentication` of its own has nothing of the one here.
	 */
	defaults?: Omit<FleetDevice, "parent">;
	/**
	 * The keys of the devices' enrollment group, from which those of each device derive that proves itself with keys and
	 * declares none: as `authentication.derivedFrom` of a `DeviceIdentity`, with all that is said there. It is a secret of its
	 * own, so the devices stay readable.
	 *
	 * ```ts
	 * import * as pulumi from "@pulumi/pulumi";
	 * import { DeviceFleet } from "pulumi-device-identity";
	 *
	 * const derivedFrom = new pulumi.Config().requireSecret("groupKey");
	 * new DeviceFleet("plant", { devices: { "sensor-1": {}, "sensor-2": {} }, derivedFrom });
	 * ```
	 */
	derivedFrom?: pulumi.Input<string> | pulumi.Input<GroupKeyArgs>;
	/**
	 * A rotation of the keys of the devices that prove themselves with keys and declare none, as `authentication.rotation`
	 * of a `DeviceIdentity`, for a share of them. Not together with `derivedFrom`.
	 */
	rotation?: pulumi.Input<FleetRotationArgs>;
	/** The host name of the hub. Another hub replaces the fleet. Default: as for `DeviceIdentity`. */
	hubHostName?: pulumi.Input<string>;
	/**
	 * Take over devices that exist already, instead of failing for them. What an interrupted run of the same fleet made is taken
	 * over without it where the device's keys prove that, and the device is younger than a day and as it was made; devices with
	 * certificates prove nothing. Default: false.
	 */
	adopt?: pulumi.Input<boolean>;
	/** What to do when somebody else changed a declared field. Default: `iothub:onDrift`, else `reconcile`. */
	onDrift?: pulumi.Input<"reconcile" | "fail">;
}

/**
 * Many devices of an Azure IoT Hub as one resource: ten thousand of them cost the engine what one does. Each is created,
 * changed, checked for drift and deleted as a `DeviceIdentity` is. What succeeds is kept whatever happens to the rest, and
 * the next `pulumi up` does only that.
 *
 * ```ts
 * import { DeviceFleet } from "pulumi-device-identity";
 *
 * new DeviceFleet("plant", {
 * 	devices: {
 * 		"gateway-1": { capabilities: { iotEdge: true } },
 * 		"sensor-1": { parent: "gateway-1" },
 * 		"sensor-2": { parent: "gateway-1", status: "disabled", statusReason: "being repaired" },
 * 	},
 * 	defaults: { status: "enabled" },
 * });
 * ```
 */
export class DeviceFleet extends pulumi.CustomResource {
	/** The host name of the hub. */
	declare readonly hubHostName: pulumi.Output<string>;
	/** How many devices there are. */
	declare readonly count: pulumi.Output<number>;

	/**
	 * Declares a fleet.
	 *
	 * @param name the resource's name in the program, of which the hub hears nothing
	 * @throws TypeError for an argument that there is not, for devices that are none, and for outputs inside them
	 */
	constructor(name: string, args: DeviceFleetArgs, opts: pulumi.CustomResourceOptions = {}) {
		rejectUnknownArguments({ type: "DeviceFleet", name, args, knownArgs: Object.keys(DEVICE_FLEET_ARGS) });
		const { text, isSecret } = createFleetInput(args.devices, {
			...DEVICE_FLEET_INPUT,
			defaults: args.defaults ?? {},
		});
		const secrets = isSecret ? [MEMBERS_OUTPUT] : [];
		super(
			"pulumi-nodejs:dynamic/iothub:DeviceFleet",
			name,
			{
				count: undefined,
				devices: text,
				derivedFrom: args.derivedFrom === undefined ? undefined : pulumi.secret(args.derivedFrom),
				rotation: args.rotation,
				hubHostName: args.hubHostName,
				adopt: args.adopt,
				onDrift: args.onDrift,
				...createHiddenInputs({ type: "DeviceFleet", name, opts }),
				__provider: trampoline("deviceFleet"),
			},
			{
				...preferDeleteBeforeReplace(opts),
				additionalSecretOutputs: [...secrets, ...(opts.additionalSecretOutputs ?? [])],
			},
		);
		tagResource(this, { type: "DeviceFleet", name, opts });
		const reportDeclaration = trackDeclaration({
			resource: this,
			displayName: `DeviceFleet ${name}`,
			objectNoun: "device",
			opts,
		});
		if (reportDeclaration === undefined) return;
		pulumi.all([this.urn, this.hubHostName, text]).apply(([urn, hub, devices]) => {
			// The mocks of a unit test may have no hub.
			if (hub) reportDeclaration({ urn, registry: `hub ${hub}`, listObjects: () => parseDeviceIds(devices) });
		});
	}

	/** Whether this is a DeviceFleet, of whichever copy of this package. */
	static override isInstance(value: unknown): value is DeviceFleet {
		return pulumi.CustomResource.isInstance(value) && "count" in value && "hubHostName" in value;
	}
}

/** Every argument; one without an entry does not compile. */
const DEVICE_FLEET_ARGS: Readonly<Record<keyof DeviceFleetArgs, true>> = {
	devices: true,
	defaults: true,
	derivedFrom: true,
	rotation: true,
	hubHostName: true,
	adopt: true,
	onDrift: true,
};

const DEVICE_FLEET_INPUT = {
	name: "devices",
	single: "DeviceIdentity",
	isSecret: ({ authentication }: FleetDevice): boolean =>
		["symmetricKey", "derivedFrom"].some((name) => Object.hasOwn(authentication ?? {}, name)),
};

function parseDeviceIds(devices: string): ReadonlyMap<string, string> {
	return new Map(Object.keys(JSON.parse(devices)).map((id) => [id, id]));
}
