import * as pulumi from "@pulumi/pulumi";
import { trackDeclaration } from "./duplicateDeclarations.ts";
import { createHiddenInputs, preferDeleteBeforeReplace, tagResource } from "./resourceOptions.ts";
import { trampoline } from "./trampoline.ts";
import { rejectUnknownArguments } from "./unknownArguments.ts";

/** The two keys of a device, base64 of 16 to 64 bytes each. */
export interface SymmetricKeyArgs {
	primaryKey: pulumi.Input<string>;
	secondaryKey: pulumi.Input<string>;
}

/** The keys of a symmetric enrollment group of the Device Provisioning Service, base64 of 16 to 64 bytes each. */
export interface GroupKeyArgs {
	/** The first key of each device derives from this one. */
	primaryKey: pulumi.Input<string>;
	/** The second key of each device derives from this one. */
	secondaryKey: pulumi.Input<string>;
}

/** A rotation of keys that the hub made, to be carried out once. */
export interface RotationArgs {
	/** Which key gets a new value, as `az iot hub device-identity renew-key --key-type` has it; `swap` exchanges the two. */
	keyType: pulumi.Input<"primary" | "secondary" | "swap">;
	/** A whole number from 1 on. A higher one rotates again; a lower one than last time does not. */
	generation: pulumi.Input<number>;
}

/** The certificates of a device: SHA-1 or SHA-256 thumbprints in 40 or 64 hexadecimal digits, without separators. */
export interface X509ThumbprintArgs {
	primaryThumbprint: pulumi.Input<string>;
	/** The certificate to change over to, of the same length. */
	secondaryThumbprint?: pulumi.Input<string>;
}

/** How a device proves itself to the hub. */
export interface AuthenticationArgs {
	/**
	 * - `sas`: two symmetric keys;
	 * - `selfSigned`: a certificate whose thumbprint the hub knows;
	 * - `certificateAuthority`: a certificate signed by an authority that the hub knows.
	 *
	 * Default: `selfSigned` where a thumbprint is given, else `sas`.
	 */
	type?: pulumi.Input<"sas" | "selfSigned" | "certificateAuthority">;
	/** Only with `sas`; both keys or neither. Without them the hub makes the keys, and they are never changed here. */
	symmetricKey?: pulumi.Input<SymmetricKeyArgs>;
	/**
	 * Only with `sas`, and not together with `symmetricKey`: the device's keys derive from those of its enrollment group, as
	 * {@link deriveDeviceKey} does it. Of a single key both derive, the second one as that of the id with `/secondary` behind
	 * it. To change keys without an outage, give both and change one at a time.
	 *
	 * The derived keys are written to the hub and kept nowhere else unless credentials are stored; state has fingerprints. The
	 * group's key itself is an input, and Pulumi keeps every input in its state: this one encrypted, as a secret, whatever it
	 * was before. Who can decrypt the stack's secrets can derive every key of the group.
	 */
	derivedFrom?: pulumi.Input<string> | pulumi.Input<GroupKeyArgs>;
	/**
	 * Only with `sas`, and with keys that the hub made: another `keyType` than last time, or a higher `generation`, gives the
	 * device a new key of 32 bytes in that slot and leaves the other one, or exchanges both. Keys of your own are rotated by
	 * declaring another one for one slot at a time.
	 *
	 * The change is planned, counts for `iothub:maxKeyChanges`, and is carried out once: a lost answer and a run that was
	 * killed are settled by what the hub has, for a new key proves which rotation made it (24 of its bytes are random) and
	 * state has fingerprints of both. Swapped keys are not swapped again, whoever did it; where nothing can be proved, nothing
	 * is written. What a device is created or adopted with counts as carried out.
	 */
	rotation?: pulumi.Input<RotationArgs>;
	/** Only with `selfSigned`. */
	x509Thumbprint?: pulumi.Input<X509ThumbprintArgs>;
}

/** What a device is able to be. */
export interface CapabilitiesArgs {
	/** Whether the device is an IoT Edge gateway. Default: false. */
	iotEdge?: pulumi.Input<boolean>;
}

/**
 * Everything that a program may say of an IoT Hub device, under the service's own names
 * (IoT Hub REST 2021-04-12, "Devices – Create Or Update Identity").
 *
 * What is declared is kept as declared. What is not declared is left as it is: nothing here resets a value that the
 * program never mentioned.
 */
export interface DeviceIdentityArgs {
	/**
	 * The device's id in the hub: 1 to 128 characters out of letters, digits and `- . % _ * ? ! ( ) , : = @ $ ' ;`.
	 * Case counts. Another id replaces the device. Default: the resource's name.
	 */
	deviceId?: pulumi.Input<string>;
	/**
	 * The host name of the hub, `my-hub.azure-devices.net` for example. Another hub replaces the device.
	 * Default: `iothub:hostName`, or the hub of `iothub:connectionString`.
	 */
	hubHostName?: pulumi.Input<string>;
	/** Whether the device may connect. The hub's default is `enabled`. */
	status?: pulumi.Input<"enabled" | "disabled">;
	/** Why the device has this status, at most 128 characters. */
	statusReason?: pulumi.Input<string>;
	/** How the device proves itself. Leaving it out altogether leaves it as it is; the hub begins with two keys. */
	authentication?: pulumi.Input<AuthenticationArgs>;
	/** What the device is able to be. It can be changed in place, in both directions. */
	capabilities?: pulumi.Input<CapabilitiesArgs>;
	/**
	 * For a device that is no gateway: the scope of the gateway that is its parent, which is that gateway's
	 * `deviceScope` output. The empty text, or leaving it out after it was declared, takes the device out.
	 */
	deviceScope?: pulumi.Input<string | undefined>;
	/** For a gateway: the scope of the one gateway that is its parent, if any; an undefined item is left out. */
	parentScopes?: pulumi.Input<pulumi.Input<string | undefined>[]>;
	/** Take over a device that exists already, instead of failing. What is not declared stays as it is. Default: false. */
	adopt?: pulumi.Input<boolean>;
	/**
	 * What to do when somebody else changed a declared field: `reconcile` shows it in the plan and writes the declared
	 * value back, `fail` stops the run. Default: `iothub:onDrift`, else `reconcile`.
	 */
	onDrift?: pulumi.Input<"reconcile" | "fail">;
	/** Whether keys and connection strings are kept in state, as secrets. Default: `iothub:storeCredentials`, else true. */
	storeCredentials?: pulumi.Input<boolean>;
}

/** Outputs that are secrets whatever the program does. */
const SECRET_DEVICE_OUTPUTS = [
	"primaryKey",
	"secondaryKey",
	"primaryConnectionString",
	"secondaryConnectionString",
];

/** Outputs that are no inputs, named so that the SDK makes them. */
const COMPUTED_DEVICE_OUTPUTS = ["etag", "generationId", "statusUpdatedTime", ...SECRET_DEVICE_OUTPUTS];

/**
 * A device in the identity registry of an Azure IoT Hub.
 *
 * ```ts
 * import { DeviceIdentity } from "pulumi-device-identity";
 *
 * const gateway = new DeviceIdentity("gateway", { capabilities: { iotEdge: true } });
 * const sensor = new DeviceIdentity("sensor", { deviceScope: gateway.deviceScope, status: "enabled" });
 * export const connection = sensor.primaryConnectionString;
 * ```
 */
export class DeviceIdentity extends pulumi.CustomResource {
	/** The device's id in the hub. */
	declare readonly deviceId: pulumi.Output<string>;
	/** The host name of the hub. */
	declare readonly hubHostName: pulumi.Output<string>;
	/** Whether the device may connect. */
	declare readonly status: pulumi.Output<"enabled" | "disabled">;
	/** Why the device has its status. */
	declare readonly statusReason: pulumi.Output<string | undefined>;
	/** How the device proves itself; the keys are outputs of their own. */
	declare readonly authentication: pulumi.Output<{
		type: "sas" | "selfSigned" | "certificateAuthority";
		x509Thumbprint?: { primaryThumbprint?: string; secondaryThumbprint?: string };
	}>;
	/** What the device is able to be; undefined in the 2015 dialect, which has no word for it. */
	declare readonly capabilities: pulumi.Output<{ iotEdge: boolean } | undefined>;
	/** For a gateway its own scope, which its children name; for any other device the scope of its parent, undefined without one. */
	declare readonly deviceScope: pulumi.Output<string | undefined>;
	/** The scopes of the device's parents. */
	declare readonly parentScopes: pulumi.Output<string[] | undefined>;
	/** Changes whenever anybody writes the device's identity; connecting, sending and twin changes don't move it. */
	declare readonly etag: pulumi.Output<string>;
	/** Tells the device from an earlier or later one of the same id. */
	declare readonly generationId: pulumi.Output<string>;
	/** When `status` last changed (ISO 8601, UTC); undefined if it never did. */
	declare readonly statusUpdatedTime: pulumi.Output<string | undefined>;
	/** The first key of a device with `sas`; undefined where credentials are not stored. A secret. */
	declare readonly primaryKey: pulumi.Output<string | undefined>;
	/** The second key of a device with `sas`; undefined where credentials are not stored. A secret. */
	declare readonly secondaryKey: pulumi.Output<string | undefined>;
	/** What the device itself connects with; undefined where credentials are not stored. A secret. */
	declare readonly primaryConnectionString: pulumi.Output<string | undefined>;
	/** The same with the second key; undefined for a device with a certificate. A secret. */
	declare readonly secondaryConnectionString: pulumi.Output<string | undefined>;

	/**
	 * Declares a device.
	 *
	 * @param name the resource's name in the program, and the device's id unless `deviceId` says otherwise
	 * @throws TypeError for an argument that there is not
	 */
	constructor(name: string, args: DeviceIdentityArgs = {}, opts: pulumi.CustomResourceOptions = {}) {
		const computed = Object.fromEntries(COMPUTED_DEVICE_OUTPUTS.map((output) => [output, undefined]));
		const declaredInputs = createDeviceInputs(name, args);
		rejectUnknownArguments({ type: "DeviceIdentity", name, args, knownArgs: Object.keys(declaredInputs) });
		const hiddenInputs = createHiddenInputs({ type: "DeviceIdentity", name, opts });
		const inputs = { ...declaredInputs, ...hiddenInputs, __provider: trampoline("deviceIdentity") };
		const secrets = args.storeCredentials === false ? [] : SECRET_DEVICE_OUTPUTS;
		const additionalSecretOutputs = [...secrets, ...(opts.additionalSecretOutputs ?? [])];
		super(
			"pulumi-nodejs:dynamic/iothub:DeviceIdentity",
			name,
			{ ...computed, ...inputs },
			{ ...preferDeleteBeforeReplace(opts), additionalSecretOutputs },
		);
		tagResource(this, { type: "DeviceIdentity", name, opts });
		const reportDeclaration = trackDeclaration({
			resource: this,
			displayName: `DeviceIdentity ${name}`,
			objectNoun: "device",
			opts,
		});
		if (reportDeclaration === undefined) return;
		const { urn, hubHostName, deviceId } = this;
		pulumi.all([urn, hubHostName, deviceId, args.deviceId ?? name]).apply(([urn, hub, id, declaredId]) =>
			// Of a resource that the run leaves out the engine tells what state has.
			reportDeclaration({
				urn,
				registry: `hub ${hub}`,
				listObjects: () => new Map(id === declaredId ? [[id, id]] : []),
			}),
		);
	}

	/**
	 * Looks up a device that Pulumi does not manage, as a resource.
	 *
	 * @param id the device's id
	 * @param hubHostName the host name of its hub, if it is not the configured one
	 */
	static get(name: string, id: pulumi.Input<pulumi.ID>, hubHostName?: pulumi.Input<string>): DeviceIdentity {
		return new DeviceIdentity(
			name,
			{ deviceId: id, ...(hubHostName === undefined ? {} : { hubHostName }) },
			{ id },
		);
	}

	/** Whether this is a DeviceIdentity, of whichever copy of this package. */
	static override isInstance(value: unknown): value is DeviceIdentity {
		return pulumi.CustomResource.isInstance(value) && "generationId" in value && "hubHostName" in value;
	}
}

/** Every output is named, so that each exists whether it was declared or not. Keys are secrets from here on. */
function createDeviceInputs(
	name: string,
	args: DeviceIdentityArgs,
): Record<keyof DeviceIdentityArgs, unknown> {
	return {
		deviceId: args.deviceId ?? name,
		hubHostName: args.hubHostName,
		status: args.status,
		statusReason: args.statusReason,
		authentication: args.authentication === undefined ? undefined : markKeysSecret(args.authentication),
		capabilities: args.capabilities,
		deviceScope: args.deviceScope,
		parentScopes: args.parentScopes,
		adopt: args.adopt,
		onDrift: args.onDrift,
		storeCredentials: args.storeCredentials,
	};
}

function markKeysSecret(
	authentication: pulumi.Input<AuthenticationArgs>,
): Record<keyof AuthenticationArgs, unknown> {
	const resolved = pulumi.output(authentication);
	return {
		type: resolved.apply(({ type }) => type),
		symmetricKey: pulumi.secret(resolved.apply(({ symmetricKey }) => symmetricKey)),
		derivedFrom: pulumi.secret(resolved.apply(({ derivedFrom }) => derivedFrom)),
		rotation: resolved.apply(({ rotation }) => rotation),
		x509Thumbprint: resolved.apply(({ x509Thumbprint }) => x509Thumbprint),
	};
}
