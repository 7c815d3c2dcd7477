import * as pulumi from "@pulumi/pulumi";
import { normalizeHubName } from "../hubName.ts";
import { trackDeclaration } from "./duplicateDeclarations.ts";
import { omitPromiseStacks } from "./promiseStacks.ts";
import {
	createHiddenInputs,
	omitUndefined,
	prepareOptions,
	rejectImportOption,
	tagResource,
} from "./resourceOptions.ts";
import { trampoline } from "./trampoline.ts";
import { rejectUnknownArguments } from "./unknownArguments.ts";

/** The two symmetric keys of a device: 16 to 64 bytes each, in base64. */
export interface SymmetricKeyArgs {
	primaryKey: pulumi.Input<string>;
	secondaryKey: pulumi.Input<string>;
}

/** The keys of a symmetric enrollment group of the Device Provisioning Service: 16 to 64 bytes each, in base64. */
export interface GroupKeyArgs {
	/** The key from which the primary key of each device is derived. */
	primaryKey: pulumi.Input<string>;
	/** The key from which the secondary key of each device is derived. */
	secondaryKey: pulumi.Input<string>;
}

/** A rotation of keys that the hub generated, applied once for each generation. */
export interface RotationArgs {
	/** The key that gets a new value, as in `az iot hub device-identity renew-key --key-type`; `swap` exchanges the two keys. */
	keyType: pulumi.Input<"primary" | "secondary" | "swap">;
	/** An integer, 1 or greater. A higher number than last time rotates again; a lower one does not. */
	generation: pulumi.Input<number>;
}

/** The certificates of a device: SHA-1 or SHA-256 thumbprints, 40 or 64 hexadecimal digits without separators. */
export interface X509ThumbprintArgs {
	primaryThumbprint: pulumi.Input<string>;
	/** The thumbprint of the next certificate, of the same length. Default: none. */
	secondaryThumbprint?: pulumi.Input<string>;
}

/** How a device authenticates to the hub. */
export interface AuthenticationArgs {
	/**
	 * The kind of authentication:
	 *
	 * - `sas`: two symmetric keys;
	 * - `selfSigned`: a certificate whose thumbprint the hub knows;
	 * - `certificateAuthority`: a certificate signed by an authority that the hub knows.
	 *
	 * Default: `selfSigned` if a thumbprint is given, otherwise `sas`.
	 */
	type?: pulumi.Input<"sas" | "selfSigned" | "certificateAuthority">;
	/** The keys, only for `sas`. Default: the hub generates both keys, and this package never changes them. */
	symmetricKey?: pulumi.Input<SymmetricKeyArgs>;
	/**
	 * The keys of the device's enrollment group, from which the device's keys are derived as in {@link deriveDeviceKey}. Only for
	 * `sas`; cannot be combined with `symmetricKey`. If a single key is given, both device keys are derived from it, the secondary
	 * one for the id followed by `/secondary`. To change keys without an outage, give both group keys and change one at a time.
	 *
	 * The derived keys are written to the hub. State contains only their fingerprints unless credentials are stored. The group
	 * key itself is an input, which Pulumi stores in state like every input, encrypted as a secret even if the program did not
	 * mark it. Anyone who can decrypt the stack's secrets can derive every key of the group.
	 */
	derivedFrom?: pulumi.Input<string> | pulumi.Input<GroupKeyArgs>;
	/**
	 * A rotation of the keys, only for `sas` and keys that the hub generated. A different `keyType` or a higher `generation` than
	 * last time gives the device a new key of 32 bytes in that slot, or exchanges the two keys. To rotate keys that the program
	 * declares, declare another key for one slot at a time.
	 *
	 * The rotation appears in the plan, counts towards `iothub:maxKeyChanges`, and is applied once. After a lost response or an
	 * interrupted run, the keys in the hub show whether it was applied: 24 bytes of a new key are random, the other 8 identify
	 * the rotation and the stack, and state contains fingerprints of both keys. Keys that were swapped, by anyone, are not swapped
	 * again; if the outcome cannot be determined, nothing is written.
	 *
	 * A rotation that a device is created with counts as applied, because its keys are new. A device that is adopted keeps keys that
	 * others may know, so the adopting operation applies the rotation, unless the key itself proves that this stack already applied
	 * it. A swap is left to the next run, because nothing would prove it if the adopting run were interrupted. The same holds for a
	 * device that somebody else deleted and created again.
	 *
	 * Fails with `KeysWithheld` if the hub does not return the device's keys.
	 */
	rotation?: pulumi.Input<RotationArgs>;
	/** The thumbprints of the certificates, required for `selfSigned` and allowed only there. */
	x509Thumbprint?: pulumi.Input<X509ThumbprintArgs>;
}

/** The capabilities of a device. */
export interface CapabilitiesArgs {
	/** Whether the device is an IoT Edge gateway. Default: false. */
	iotEdge?: pulumi.Input<boolean>;
}

/**
 * The arguments of a {@link DeviceIdentity}, with the names of the service
 * (IoT Hub REST 2021-04-12, "Devices – Create Or Update Identity").
 *
 * Declared values are enforced. Values that were never declared are left as they are and never reset.
 */
export interface DeviceIdentityArgs {
	/**
	 * The device's id in the hub: 1 to 128 letters, digits and `- . % _ * ? ! ( ) , : = @ $ ' ;`. It is case-sensitive
	 * ("Understand the identity registry in your IoT hub", Microsoft Learn). A different id replaces the device.
	 * Default: the resource's name.
	 */
	deviceId?: pulumi.Input<string>;
	/**
	 * The host name of the hub, for example `my-hub.azure-devices.net`. A different hub replaces the device; another host name of the
	 * same hub (`my-hub.service.azure-devices.net`) changes nothing. It only identifies the hub: requests go to the host name in the
	 * settings. Default: `iothub:hostName`, or the hub of `iothub:connectionString`.
	 */
	hubHostName?: pulumi.Input<string>;
	/** Whether the device may connect. Default: not managed; the hub creates devices as `enabled`. */
	status?: pulumi.Input<"enabled" | "disabled">;
	/** The reason for the status, at most 128 characters. Default: not managed. */
	statusReason?: pulumi.Input<string>;
	/** How the device authenticates. Default: not managed; the hub creates devices with two generated keys. */
	authentication?: pulumi.Input<AuthenticationArgs>;
	/** The capabilities of the device. They are changed in place, in both directions. Default: not managed. */
	capabilities?: pulumi.Input<CapabilitiesArgs>;
	/**
	 * The scope of the parent, for a device that is not a gateway: the `deviceScope` output of the parent gateway. The empty
	 * string, or leaving it out after it was declared, removes the parent. Default: not managed.
	 */
	deviceScope?: pulumi.Input<string | undefined>;
	/** The scope of the parent, for a gateway: a list of at most one scope. Undefined items are left out. Default: not managed. */
	parentScopes?: pulumi.Input<pulumi.Input<string | undefined>[]>;
	/**
	 * Whether to take over a device that exists already, instead of failing. Undeclared values stay as they are, except that a declared
	 * `rotation` is applied to its keys. Default: false.
	 */
	adopt?: pulumi.Input<boolean>;
	/**
	 * The reaction to a declared value that was changed outside this program: `reconcile` shows it in the plan and writes the
	 * declared value again, `fail` stops the run. Default: `iothub:onDrift`, otherwise `reconcile`.
	 */
	onDrift?: pulumi.Input<"reconcile" | "fail">;
	/** Whether state contains keys and connection strings, as secrets. Default: `iothub:storeCredentials`, otherwise true. */
	storeCredentials?: pulumi.Input<boolean>;
}

/** Outputs that are always secrets. */
const SECRET_DEVICE_OUTPUTS = [
	"primaryKey",
	"secondaryKey",
	"primaryConnectionString",
	"secondaryConnectionString",
];

/** Outputs that are not inputs, listed so that the SDK creates them. */
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
 *
 * @group Resources
 */
export class DeviceIdentity extends pulumi.CustomResource {
	/** The device's id in the hub. */
	declare readonly deviceId: pulumi.Output<string>;
	/** The classic host name of the hub. */
	declare readonly hubHostName: pulumi.Output<string>;
	/** Whether the device may connect. */
	declare readonly status: pulumi.Output<"enabled" | "disabled">;
	/** The reason for the status. */
	declare readonly statusReason: pulumi.Output<string | undefined>;
	/** How the device authenticates. The keys are separate outputs. */
	declare readonly authentication: pulumi.Output<{
		type: "sas" | "selfSigned" | "certificateAuthority";
		x509Thumbprint?: { primaryThumbprint?: string; secondaryThumbprint?: string };
	}>;
	/** The capabilities of the device; undefined with api-version 2015-08-15-preview, which does not support them. */
	declare readonly capabilities: pulumi.Output<{ iotEdge: boolean } | undefined>;
	/**
	 * For a gateway its own scope, which its children declare; for any other device the scope of its parent; undefined without
	 * a parent.
	 */
	declare readonly deviceScope: pulumi.Output<string | undefined>;
	/** The scopes of the device's parents; undefined without one. */
	declare readonly parentScopes: pulumi.Output<string[] | undefined>;
	/** The version of the identity: every write changes it; connections, messages and twin updates do not. */
	declare readonly etag: pulumi.Output<string>;
	/** The generation of the device, which differs from that of an earlier or later device with the same id. */
	declare readonly generationId: pulumi.Output<string>;
	/** When `status` last changed (ISO 8601, UTC); undefined if it never changed. */
	declare readonly statusUpdatedTime: pulumi.Output<string | undefined>;
	/** The primary key, for `sas`; undefined if credentials are not stored. A secret. */
	declare readonly primaryKey: pulumi.Output<string | undefined>;
	/** The secondary key, for `sas`; undefined if credentials are not stored. A secret. */
	declare readonly secondaryKey: pulumi.Output<string | undefined>;
	/** The connection string of the device with its primary key; undefined if credentials are not stored. A secret. */
	declare readonly primaryConnectionString: pulumi.Output<string | undefined>;
	/** The same with the secondary key, for `sas`; undefined if credentials are not stored. A secret. */
	declare readonly secondaryConnectionString: pulumi.Output<string | undefined>;

	/**
	 * Declares a device.
	 *
	 * @param name the resource's name in the program; the default of `deviceId`
	 * @throws TypeError for an unknown argument, for the option `import`, and for a path of `ignoreChanges` that is not one; other
	 *   invalid values are reported by the preview
	 */
	constructor(name: string, args: DeviceIdentityArgs = {}, opts: pulumi.CustomResourceOptions = {}) {
		const computed = Object.fromEntries(COMPUTED_DEVICE_OUTPUTS.map((output) => [output, undefined]));
		const declaredInputs = createDeviceInputs(name, args);
		rejectUnknownArguments({ type: "DeviceIdentity", name, args, knownArgs: Object.keys(declaredInputs) });
		rejectImportOption({ type: "DeviceIdentity", name, opts });
		const hiddenInputs = createHiddenInputs({ type: "DeviceIdentity", name, opts });
		const { adopt, onDrift, storeCredentials, ...outputs } = declaredInputs;
		const options = omitUndefined({ adopt, onDrift, storeCredentials, ...hiddenInputs });
		const inputs = { ...outputs, ...options, __provider: trampoline("deviceIdentity") };
		const secrets = args.storeCredentials === false ? [] : SECRET_DEVICE_OUTPUTS;
		const additionalSecretOutputs = [...secrets, ...(opts.additionalSecretOutputs ?? [])];
		const restoreStacks = omitPromiseStacks();
		try {
			super(
				"pulumi-nodejs:dynamic/iothub:DeviceIdentity",
				name,
				{ ...computed, ...inputs },
				{ ...prepareOptions(opts, Object.keys(declaredInputs)), additionalSecretOutputs },
			);
		} finally {
			restoreStacks();
		}
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
			// For a resource that `--target` excludes, the engine returns the outputs in state.
			reportDeclaration({
				urn,
				registry: `hub ${normalizeHubName(String(hub))}`,
				listObjects: () => new Map(id === declaredId ? [[id, id]] : []),
			}),
		);
	}

	/**
	 * Returns a device that this program does not manage, as a resource to read.
	 *
	 * @param id the device's id
	 * @param hubHostName the host name of its hub. Default: the configured hub
	 */
	static get(name: string, id: pulumi.Input<pulumi.ID>, hubHostName?: pulumi.Input<string>): DeviceIdentity {
		return new DeviceIdentity(
			name,
			{ deviceId: id, ...(hubHostName === undefined ? {} : { hubHostName }) },
			{ id },
		);
	}

	/** Whether a value is a DeviceIdentity, including one from another copy of this package. */
	static override isInstance(value: unknown): value is DeviceIdentity {
		return pulumi.CustomResource.isInstance(value) && "generationId" in value && "hubHostName" in value;
	}
}

/** Returns the inputs of a device, all of them by name. Marks the keys as secrets. */
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
