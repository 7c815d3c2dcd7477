import * as pulumi from "@pulumi/pulumi";
import { normalizeHubName } from "../hubName.ts";
import { MEMBERS_OUTPUT } from "../stateKeys.ts";
import type { GroupKeyArgs, RotationArgs } from "./deviceIdentity.ts";
import { trackDeclaration } from "./duplicateDeclarations.ts";
import { createFleetInput } from "./fleetInput.ts";
import { omitPromiseStacks } from "./promiseStacks.ts";
import { createHiddenInputs, prepareOptions, rejectImportOption, tagResource } from "./resourceOptions.ts";
import { trampoline } from "./trampoline.ts";
import { rejectUnknownArguments } from "./unknownArguments.ts";

/** How a device of a fleet authenticates: {@link AuthenticationArgs} without outputs. */
export interface FleetAuthentication {
	/** The kind of authentication. Default: `selfSigned` if a thumbprint is given, otherwise `sas`. */
	type?: "sas" | "selfSigned" | "certificateAuthority";
	/** The keys, only for `sas`: 16 to 64 bytes each, in base64. They make the whole fleet a secret. */
	symmetricKey?: { primaryKey: string; secondaryKey: string };
	/** The thumbprints of the certificates, required for `selfSigned` and allowed only there. */
	x509Thumbprint?: { primaryThumbprint: string; secondaryThumbprint?: string };
}

/** A device of a fleet: the arguments of a `DeviceIdentity`, with the parent by id. */
export interface FleetDevice {
	/** Whether the device may connect. Default: not managed; the hub creates devices as `enabled`. */
	status?: "enabled" | "disabled";
	/** The reason for the status, at most 128 characters. Default: not managed. */
	statusReason?: string;
	/**
	 * How the device authenticates. For a device without declared keys, the fleet generates both keys and stores them nowhere.
	 * They are random except for 8 bytes, by which a later run recognizes a device that this fleet created.
	 */
	authentication?: FleetAuthentication;
	/** The capabilities of the device; `iotEdge` makes it a gateway. Default: not managed. */
	capabilities?: { iotEdge?: boolean };
	/**
	 * The id of the parent, a gateway of this fleet, which is created before the device; or a name in {@link DeviceFleetArgs.gateways}, for
	 * a gateway outside this fleet. Default: no parent.
	 */
	parent?: string;
	/**
	 * The scope of the parent, for a device that is not a gateway and whose parent is outside this fleet, as exports of a hub have it:
	 * `deviceScope` of a `DeviceIdentity`. It cannot be used with `parent`. Default: no parent, or `parent`.
	 */
	deviceScope?: string;
	/** The same for a gateway, as a list with at most one scope: `parentScopes` of a `DeviceIdentity`. */
	parentScopes?: string[];
}

/** A rotation of the keys of a fleet, optionally in waves. */
export interface FleetRotationArgs extends RotationArgs {
	/**
	 * The percentage of the devices whose keys are rotated. Devices are selected by their ids, so raising it
	 * from 10 to 50 rotates only devices that were not among the first 10 percent. A device that is created while the rotation is
	 * declared has new keys and is excluded from all waves; one that is adopted has not, so its wave rotates it. Default: 100.
	 */
	share?: pulumi.Input<number>;
}

/** The arguments of a {@link DeviceFleet}. */
export interface DeviceFleetArgs {
	/**
	 * The devices by id. Only the map as a whole may be an output or a promise; state then treats it as a secret, since it may
	 * be one. An output or a promise inside the map is a `TypeError`, since the map is sent as one string.
	 */
	devices: pulumi.Input<Record<string, FleetDevice>>;
	/**
	 * Defaults for all devices. A property that a device declares replaces the whole property here: a device with its own
	 * `authentication` gets nothing from the default one.
	 */
	defaults?: Omit<FleetDevice, "parent" | "deviceScope" | "parentScopes">;
	/**
	 * Gateways outside this fleet that are parents of its devices: the `deviceScope` of each, by the name that `parent` of a device has. The
	 * name is usually the gateway's id, and is not sent to the hub. It cannot be the id of a device of this fleet.
	 *
	 * A gateway that the same run creates has its scope only afterwards: the preview lists all devices, and those below that gateway without
	 * their parent. A gateway that is created again has another scope; its children in the fleet are then moved to it.
	 *
	 * ```ts
	 * import { DeviceFleet, DeviceIdentity } from "pulumi-device-identity";
	 *
	 * const gateway = new DeviceIdentity("gateway-1", { capabilities: { iotEdge: true } });
	 * new DeviceFleet("sensors", {
	 * 	devices: { "sensor-1": { parent: "gateway-1" }, "sensor-2": { parent: "gateway-1" } },
	 * 	gateways: { "gateway-1": gateway.deviceScope },
	 * });
	 * ```
	 *
	 * Default: none, so every parent is a device of this fleet.
	 */
	gateways?: pulumi.Input<Record<string, pulumi.Input<string | undefined>>>;
	/**
	 * The keys of the devices' enrollment group, from which the keys of each device with `sas` and without declared keys are
	 * derived, as in `authentication.derivedFrom` of a `DeviceIdentity`. It is a separate secret, so `devices` stays
	 * readable.
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
	 * A rotation of the keys of devices with `sas` and without declared keys, as in `authentication.rotation` of a
	 * `DeviceIdentity`, for a share of them. It cannot be combined with `derivedFrom`. With `adopt`, devices that exist already are
	 * rotated as they are adopted, if their wave is due.
	 */
	rotation?: pulumi.Input<FleetRotationArgs>;
	/**
	 * The host name of the hub, for example `my-hub.azure-devices.net`. A different hub replaces the fleet; another host name of the
	 * same hub (`my-hub.service.azure-devices.net`) changes nothing. It only identifies the hub: requests go to the host name in the
	 * settings. Default: `iothub:hostName`, or the hub of `iothub:connectionString`.
	 */
	hubHostName?: pulumi.Input<string>;
	/**
	 * Whether to take over devices that exist already, instead of failing for them. Devices that an interrupted run of this fleet
	 * created are taken over in any case if their keys prove it and they are unchanged and less than a day old; a device with
	 * certificates has no such proof. For a device that is proven in this way, `rotation` counts as applied; for any other one, the
	 * adopting operation applies it. Default: false.
	 */
	adopt?: pulumi.Input<boolean>;
	/** The reaction to declared values that were changed outside this program. Default: `iothub:onDrift`, otherwise `reconcile`. */
	onDrift?: pulumi.Input<"reconcile" | "fail">;
}

/**
 * Many devices of an Azure IoT Hub as one resource: for the engine, ten thousand devices cost as much as one. Each device is
 * created, updated, checked for drift and deleted like a `DeviceIdentity`. If some devices fail, the others are kept, and the
 * next `pulumi up` processes only the rest.
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
 *
 * @group Resources
 */
export class DeviceFleet extends pulumi.CustomResource {
	/** The classic host name of the hub. */
	declare readonly hubHostName: pulumi.Output<string>;
	/** The number of devices. */
	declare readonly count: pulumi.Output<number>;

	/**
	 * Declares a fleet.
	 *
	 * @param name the resource's name in the program; it is not sent to the hub
	 * @throws TypeError for an unknown argument, for devices that are not objects, for outputs inside them, for the option `import`, and for
	 *   a path of `ignoreChanges` that names nothing
	 */
	constructor(name: string, args: DeviceFleetArgs, opts: pulumi.CustomResourceOptions = {}) {
		rejectUnknownArguments({ type: "DeviceFleet", name, args, knownArgs: Object.keys(DEVICE_FLEET_ARGS) });
		const members = DEVICE_MEMBERS_ARGUMENT;
		rejectImportOption({ type: "DeviceFleet", name, opts, members });
		const { text, isSecret } = createFleetInput(args.devices, {
			...DEVICE_FLEET_INPUT,
			defaults: args.defaults ?? {},
		});
		const secrets = isSecret ? [MEMBERS_OUTPUT] : [];
		const restoreStacks = omitPromiseStacks();
		try {
			super(
				"pulumi-nodejs:dynamic/iothub:DeviceFleet",
				name,
				{
					count: undefined,
					devices: text,
					derivedFrom: args.derivedFrom === undefined ? undefined : pulumi.secret(args.derivedFrom),
					rotation: args.rotation,
					gateways: keepMissingScopes(args.gateways),
					hubHostName: args.hubHostName,
					adopt: args.adopt,
					onDrift: args.onDrift,
					...createHiddenInputs({ type: "DeviceFleet", name, opts, members }),
					__provider: trampoline("deviceFleet"),
				},
				{
					...prepareOptions(opts, Object.keys(DEVICE_FLEET_ARGS)),
					additionalSecretOutputs: [...secrets, ...(opts.additionalSecretOutputs ?? [])],
				},
			);
		} finally {
			restoreStacks();
		}
		tagResource(this, { type: "DeviceFleet", name, opts });
		const reportDeclaration = trackDeclaration({
			resource: this,
			displayName: `DeviceFleet ${name}`,
			objectNoun: "device",
			opts,
		});
		if (reportDeclaration === undefined) return;
		pulumi.all([this.urn, this.hubHostName, text]).apply(([urn, hub, devices]) => {
			// In a unit test with mocks, the output may be undefined.
			if (hub)
				reportDeclaration({
					urn,
					registry: `hub ${normalizeHubName(hub)}`,
					listObjects: () => parseDeviceIds(devices),
				});
		});
	}

	/** Whether a value is a DeviceFleet, including one from another copy of this package. */
	static override isInstance(value: unknown): value is DeviceFleet {
		return pulumi.CustomResource.isInstance(value) && "count" in value && "hubHostName" in value;
	}
}

/** All arguments; a missing entry does not compile. */
const DEVICE_FLEET_ARGS: Readonly<Record<keyof DeviceFleetArgs, true>> = {
	devices: true,
	defaults: true,
	derivedFrom: true,
	rotation: true,
	gateways: true,
	hubHostName: true,
	adopt: true,
	onDrift: true,
};

/** The properties of a device; a missing entry does not compile. */
const DEVICE_PROPERTIES: Readonly<Record<keyof FleetDevice, true>> = {
	status: true,
	statusReason: true,
	authentication: true,
	capabilities: true,
	parent: true,
	deviceScope: true,
	parentScopes: true,
};

/** Returns the gateways with the empty string for a scope that is undefined: the SDK would drop its name, and the error could not say it. */
function keepMissingScopes(gateways: DeviceFleetArgs["gateways"]): DeviceFleetArgs["gateways"] {
	if (
		!gateways ||
		typeof gateways !== "object" ||
		gateways instanceof Promise ||
		pulumi.Output.isInstance(gateways)
	)
		return gateways;
	return Object.fromEntries(
		Object.entries(gateways).map(([name, scope]) => [
			name,
			pulumi.output(scope).apply((known) => known ?? ""),
		]),
	);
}

const DEVICE_MEMBERS_ARGUMENT = {
	name: "devices",
	example: "dev-1",
	memberProperties: Object.keys(DEVICE_PROPERTIES),
};

const DEVICE_FLEET_INPUT = {
	name: "devices",
	memberType: "DeviceIdentity",
	outputRemedy:
		"The scope of a gateway outside the fleet is an argument of its own: name it in gateways, and that name in parent.",
	isSecret: ({ authentication }: FleetDevice): boolean =>
		["symmetricKey", "derivedFrom"].some((name) => Object.hasOwn(authentication ?? {}, name)),
};

/** Returns the ids of the devices, as keys and as names for messages. */
function parseDeviceIds(devices: string): ReadonlyMap<string, string> {
	return new Map(Object.keys(JSON.parse(devices)).map((id) => [id, id]));
}
