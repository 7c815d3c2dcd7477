import * as pulumi from "@pulumi/pulumi";
import { getListedSerial } from "../rules/machineSerial.ts";
import { AUTOPILOT_REGISTRY, createMachineKey, trackDeclaration } from "./duplicateDeclarations.ts";
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

/**
 * The arguments of an {@link AutopilotIdentity}, with the names of Microsoft Graph
 * (`importedWindowsAutopilotDeviceIdentity`, and `updateDeviceProperties` of `windowsAutopilotDeviceIdentity`).
 *
 * Declared values are enforced. Values that were never declared are left as they are and never reset.
 */
export interface AutopilotIdentityArgs {
	/**
	 * The machine's serial number, exactly as its firmware reports it, including case, spaces and hyphens. It need not be
	 * unique, and the resource's name is not its default. It must be the one in the hash. Without a hash, a different one replaces the
	 * registration.
	 */
	serialNumber: pulumi.Input<string>;
	/**
	 * The 4K hardware hash in base64, as `oa3tool /Report` or `Get-WindowsAutopilotInfo` returns it: about 4000 characters,
	 * which are sent unchanged. Required unless `adopt` is true. A hash of another machine replaces the registration; one of the same
	 * machine that was collected again is no change. It is a secret, since it describes the machine and its owner. Graph never returns it;
	 * state contains it once, as an input.
	 */
	hardwareIdentifier?: pulumi.Input<string>;
	/**
	 * The Windows product id of the machine, usually omitted. With the same hash, a different one changes only state; without a hash, it
	 * replaces the registration.
	 */
	productKey?: pulumi.Input<string>;
	/**
	 * The group tag, at most 2048 characters, which Entra stores as `[OrderID]:<tag>`. It is changed in place. The empty
	 * string, or leaving it out after it was declared, removes it. Default: not managed.
	 */
	groupTag?: pulumi.Input<string>;
	/**
	 * The user principal name of the assigned user, for example `ada@contoso.com`. The service checks only its domain: a name
	 * that does not exist locks the owner out of the machine. It is changed in place. The empty string, or leaving it out after
	 * it was declared, removes the user. Default: not managed.
	 */
	assignedUserPrincipalName?: pulumi.Input<string>;
	/** The name with which the machine greets the assigned user; requires `assignedUserPrincipalName`. It is changed in place. */
	addressableUserName?: pulumi.Input<string>;
	/**
	 * The name that the machine gets when it joins: 1 to 15 letters, digits and hyphens, not only digits. It is changed in
	 * place and takes effect when the machine is set up. A machine that joins an Active Directory domain ignores it.
	 */
	displayName?: pulumi.Input<string>;
	/**
	 * A GUID that identifies the record of this import, so that an import whose response was lost is found and not repeated.
	 * A different one does not affect a machine that is registered already.
	 * Default: derived from the serial number, the hash and the product key.
	 */
	importId?: pulumi.Input<string>;
	/**
	 * Whether to take over a machine that is registered in this tenant already, instead of failing. Undeclared values stay as
	 * they are. With a hash, the import decides whether the machine is registered; it is then the one registration with the serial
	 * number, manufacturer and model of the hash. Without a hash, it is the one with the serial number and, if declared, the product
	 * key. A serial number that several registrations have, or a placeholder such as "Default string", identifies none
	 * (`AmbiguousSerial`). Default: false.
	 */
	adopt?: pulumi.Input<boolean>;
	/**
	 * The reaction to a serial number that is not the one in the hash. The service takes the serial number from the hash, so `fail` is an
	 * error of the preview that names both. `accept` keeps the declared one in the program, for example an asset number; the output
	 * `serialNumber` is the one that the service lists. Default: `fail`.
	 */
	onSerialNumberMismatch?: pulumi.Input<"fail" | "accept">;
	/**
	 * The reaction to a declared value that was changed outside this program: `reconcile` shows it in the plan and writes the
	 * declared value again, `fail` stops the run. Default: `autopilot:onDrift`, otherwise `reconcile`.
	 */
	onDrift?: pulumi.Input<"reconcile" | "fail">;
}

/** Outputs that are not inputs, listed so that the SDK creates them. */
const COMPUTED_MACHINE_OUTPUTS = [
	"etag",
	"state",
	"manufacturer",
	"model",
	"systemFamily",
	"skuNumber",
	"purchaseOrderIdentifier",
	"tenantId",
];

/**
 * A machine registered with Windows Autopilot. Its id is the registration id, which Entra stores as `[ZTDID]:<id>`.
 *
 * ```ts
 * import * as pulumi from "@pulumi/pulumi";
 * import { AutopilotIdentity } from "pulumi-device-identity";
 *
 * const config = new pulumi.Config();
 * const reception = new AutopilotIdentity("reception", {
 * 	serialNumber: "5CG1234ABC",
 * 	hardwareIdentifier: config.requireSecret("receptionHash"),
 * 	groupTag: "Kiosk",
 * });
 * export const registrationId = reception.id;
 * ```
 *
 * @group Resources
 */
export class AutopilotIdentity extends pulumi.CustomResource {
	/** The machine's serial number. */
	declare readonly serialNumber: pulumi.Output<string>;
	/** The Windows product id of the machine; the empty string if it was registered without one. */
	declare readonly productKey: pulumi.Output<string>;
	/** The group tag; the empty string without one. */
	declare readonly groupTag: pulumi.Output<string>;
	/** The user principal name of the assigned user. */
	declare readonly assignedUserPrincipalName: pulumi.Output<string | undefined>;
	/** The name with which the machine greets the assigned user. */
	declare readonly addressableUserName: pulumi.Output<string | undefined>;
	/** The name that the machine gets when it joins. */
	declare readonly displayName: pulumi.Output<string | undefined>;
	/**
	 * The version of the values that a program can declare. Graph returns no etag for machines, so it is a hash of these
	 * values; if Graph returns an etag, it is used instead.
	 */
	declare readonly etag: pulumi.Output<string>;
	/** The result of the machine's import, as the service reported it; undefined for an adopted machine. */
	declare readonly state: pulumi.Output<
		| {
				deviceImportStatus: string;
				deviceRegistrationId: string;
				deviceErrorCode: number;
				deviceErrorName: string;
		  }
		| undefined
	>;
	/** The manufacturer of the machine. */
	declare readonly manufacturer: pulumi.Output<string | undefined>;
	/** The model of the machine. */
	declare readonly model: pulumi.Output<string | undefined>;
	/** The family of models. */
	declare readonly systemFamily: pulumi.Output<string | undefined>;
	/** The stock keeping unit (SKU) of the model. */
	declare readonly skuNumber: pulumi.Output<string | undefined>;
	/** The purchase order of the machine, set by its seller. */
	declare readonly purchaseOrderIdentifier: pulumi.Output<string | undefined>;
	/**
	 * The Entra tenant in which the machine is registered: the `tid` of the token, a GUID in lower case. A run that is signed in to another
	 * tenant stops. Undefined if the token did not say it, and until the first refresh or write after an upgrade from a release without this
	 * output.
	 */
	declare readonly tenantId: pulumi.Output<string | undefined>;

	/**
	 * Declares a machine.
	 *
	 * @param name the resource's name in the program; it is not sent to the service
	 * @param args the machine; undefined only if `opts.id` names a machine to read
	 * @throws TypeError for an unknown argument, for the option `import`, and for a path of `ignoreChanges` that is not one; other
	 *   invalid values are reported by the preview
	 */
	constructor(
		name: string,
		args: AutopilotIdentityArgs | undefined,
		opts: pulumi.CustomResourceOptions = {},
	) {
		const computed = Object.fromEntries(COMPUTED_MACHINE_OUTPUTS.map((output) => [output, undefined]));
		const declaredInputs = createMachineInputs(args);
		rejectUnknownArguments({
			type: "AutopilotIdentity",
			name,
			args: args ?? {},
			knownArgs: Object.keys(declaredInputs),
		});
		rejectImportOption({ type: "AutopilotIdentity", name, opts });
		const hiddenInputs = createHiddenInputs({ type: "AutopilotIdentity", name, opts });
		const { adopt, onDrift, ...outputs } = declaredInputs;
		const options = omitUndefined({ adopt, onDrift, ...hiddenInputs });
		const inputs = { ...outputs, ...options, __provider: trampoline("autopilotIdentity") };
		const restoreStacks = omitPromiseStacks();
		try {
			super(
				"pulumi-nodejs:dynamic/autopilot:AutopilotIdentity",
				name,
				{ ...computed, ...inputs },
				prepareOptions(opts, Object.keys(declaredInputs)),
			);
		} finally {
			restoreStacks();
		}
		tagResource(this, { type: "AutopilotIdentity", name, opts });
		const displayName = `AutopilotIdentity ${name}`;
		const reportDeclaration = trackDeclaration({ resource: this, displayName, objectNoun: "machine", opts });
		if (reportDeclaration === undefined || args === undefined) return;
		const { hardwareIdentifier } = args;
		pulumi
			.all([this.urn, this.serialNumber, args.serialNumber, hardwareIdentifier])
			.apply(([urn, serialNumber, declaredSerialNumber, hash]) => {
				const key = createMachineKey(hash);
				// For a resource that `--target` excludes, the engine returns the outputs in state.
				const machine = { serialNumber: declaredSerialNumber, hardwareIdentifier: hash };
				const isCurrent =
					key !== undefined &&
					(serialNumber === declaredSerialNumber || serialNumber === getListedSerial(machine));
				reportDeclaration({
					urn,
					registry: AUTOPILOT_REGISTRY,
					listObjects: () => new Map(isCurrent ? [[key, serialNumber]] : []),
				});
			});
	}

	/**
	 * Returns a machine that this program does not manage, as a resource to read.
	 *
	 * @param id the machine's registration id
	 */
	static get(name: string, id: pulumi.Input<pulumi.ID>): AutopilotIdentity {
		return new AutopilotIdentity(name, undefined, { id });
	}

	/** Whether a value is an AutopilotIdentity, including one from another copy of this package. */
	static override isInstance(value: unknown): value is AutopilotIdentity {
		return (
			pulumi.CustomResource.isInstance(value) && "serialNumber" in value && "addressableUserName" in value
		);
	}
}

/**
 * Returns the inputs of a machine, all of them by name so that each output exists. Marks the hash as a secret; no output
 * contains it.
 */
function createMachineInputs(args?: AutopilotIdentityArgs): Record<keyof AutopilotIdentityArgs, unknown> {
	const hash = args?.hardwareIdentifier;
	return {
		serialNumber: args?.serialNumber,
		hardwareIdentifier: hash === undefined ? undefined : pulumi.secret(hash),
		productKey: args?.productKey,
		groupTag: args?.groupTag,
		assignedUserPrincipalName: args?.assignedUserPrincipalName,
		addressableUserName: args?.addressableUserName,
		displayName: args?.displayName,
		importId: args?.importId,
		adopt: args?.adopt,
		onSerialNumberMismatch: args?.onSerialNumberMismatch,
		onDrift: args?.onDrift,
	};
}
