import * as pulumi from "@pulumi/pulumi";
import { AUTOPILOT_REGISTRY, createMachineKey, trackDeclaration } from "./duplicateDeclarations.ts";
import { createHiddenInputs, preferDeleteBeforeReplace, tagResource } from "./resourceOptions.ts";
import { trampoline } from "./trampoline.ts";
import { rejectUnknownArguments } from "./unknownArguments.ts";

/**
 * Everything that a program may say of a machine in Windows Autopilot, under Microsoft Graph's own names
 * (`importedWindowsAutopilotDeviceIdentity`, and `updateDeviceProperties` of `windowsAutopilotDeviceIdentity`).
 *
 * What is declared is kept as declared. What is not declared is left as it is: nothing here resets a value that the
 * program never mentioned.
 */
export interface AutopilotIdentityArgs {
	/**
	 * The machine's serial number, exactly as its firmware tells it: case, spaces and hyphens count. It need not be
	 * unique, and the resource's name is no substitute for it. Another serial number replaces the registration.
	 */
	serialNumber: pulumi.Input<string>;
	/**
	 * The 4K hardware hash in base64, as `oa3tool /Report` or `Get-WindowsAutopilotInfo` gives it: about 4000 characters,
	 * which are sent as they are. Required unless `adopt` is true. Another hash replaces the registration. It is a secret,
	 * for it describes the machine and its owner, and Graph never shows it again: state is where it is kept, once.
	 */
	hardwareIdentifier?: pulumi.Input<string>;
	/** The Windows product id of the machine, mostly left out. Another one replaces the registration. */
	productKey?: pulumi.Input<string>;
	/**
	 * The tag by which groups of machines are formed, in Entra `[OrderID]:<tag>`: at most 2048 characters. It is changed
	 * in place. The empty text, or leaving it out after it was declared, takes it away.
	 */
	groupTag?: pulumi.Input<string>;
	/**
	 * The user principal name of the person whom the machine welcomes, `ada@contoso.com`. Only its domain is checked by
	 * the service: a name that nobody has locks its owner out of the machine. It is changed in place. The empty text, or
	 * leaving it out after it was declared, takes the person off the machine.
	 */
	assignedUserPrincipalName?: pulumi.Input<string>;
	/** How the machine greets that person. It is changed in place, and goes with `assignedUserPrincipalName`. */
	addressableUserName?: pulumi.Input<string>;
	/**
	 * The name that the machine gets when it joins: 1 to 15 letters, digits and hyphens, not digits alone. It is changed
	 * in place, before the machine is set up; a machine that joins a domain of Active Directory disregards it.
	 */
	displayName?: pulumi.Input<string>;
	/**
	 * A GUID that marks the record of this import, so that an import whose answer was lost is found again instead of made
	 * twice. Another one changes nothing in a machine that is registered already.
	 * Default: derived from the serial number, the hash and the product key.
	 */
	importId?: pulumi.Input<string>;
	/**
	 * Take over a machine that is registered in this tenant already, instead of failing. What is not declared stays as it
	 * is. Default: false.
	 */
	adopt?: pulumi.Input<boolean>;
	/**
	 * What to do when somebody else changed a declared field: `reconcile` shows it in the plan and writes the declared
	 * value back, `fail` stops the run. Default: `autopilot:onDrift`, else `reconcile`.
	 */
	onDrift?: pulumi.Input<"reconcile" | "fail">;
}

/** Outputs that are no inputs, named so that the SDK makes them. */
const COMPUTED_MACHINE_OUTPUTS = [
	"etag",
	"state",
	"manufacturer",
	"model",
	"systemFamily",
	"skuNumber",
	"purchaseOrderIdentifier",
];

/**
 * A machine registered with Windows Autopilot. Its id is the registration id, which Entra has as `[ZTDID]:<id>`.
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
 */
export class AutopilotIdentity extends pulumi.CustomResource {
	/** The machine's serial number. */
	declare readonly serialNumber: pulumi.Output<string>;
	/** The Windows product id of the machine; the empty text where it was registered without one. */
	declare readonly productKey: pulumi.Output<string>;
	/** The tag by which groups of machines are formed; the empty text for none. */
	declare readonly groupTag: pulumi.Output<string>;
	/** The user principal name of the person whom the machine welcomes. */
	declare readonly assignedUserPrincipalName: pulumi.Output<string | undefined>;
	/** How the machine greets that person. */
	declare readonly addressableUserName: pulumi.Output<string | undefined>;
	/** The name that the machine gets when it joins. */
	declare readonly displayName: pulumi.Output<string | undefined>;
	/**
	 * Changes whenever anybody changes what a program may declare. Graph sends none for machines, so it is a hash over
	 * those fields; should Graph begin to send one, that one is taken.
	 */
	declare readonly etag: pulumi.Output<string>;
	/** How the machine's import ended, as the service's directory told it; undefined for one that was adopted. */
	declare readonly state: pulumi.Output<
		| {
				deviceImportStatus: string;
				deviceRegistrationId: string;
				deviceErrorCode: number;
				deviceErrorName: string;
		  }
		| undefined
	>;
	/** Who made the machine. */
	declare readonly manufacturer: pulumi.Output<string | undefined>;
	/** Which model it is. */
	declare readonly model: pulumi.Output<string | undefined>;
	/** The family of models. */
	declare readonly systemFamily: pulumi.Output<string | undefined>;
	/** The maker's number of the model as it is sold. */
	declare readonly skuNumber: pulumi.Output<string | undefined>;
	/** The order with which the machine was bought; set by whoever sold it. */
	declare readonly purchaseOrderIdentifier: pulumi.Output<string | undefined>;

	/**
	 * Declares a machine.
	 *
	 * @param name the resource's name in the program, of which the service hears nothing
	 * @param args what is declared of the machine; undefined only where `opts.id` says which one to read
	 * @throws TypeError for an argument that there is not
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
		const hiddenInputs = createHiddenInputs({ type: "AutopilotIdentity", name, opts });
		const inputs = { ...declaredInputs, ...hiddenInputs, __provider: trampoline("autopilotIdentity") };
		super(
			"pulumi-nodejs:dynamic/autopilot:AutopilotIdentity",
			name,
			{ ...computed, ...inputs },
			preferDeleteBeforeReplace(opts),
		);
		tagResource(this, { type: "AutopilotIdentity", name, opts });
		const displayName = `AutopilotIdentity ${name}`;
		const reportDeclaration = trackDeclaration({ resource: this, displayName, objectNoun: "machine", opts });
		if (reportDeclaration === undefined || args === undefined) return;
		const { hardwareIdentifier, productKey } = args;
		pulumi
			.all([this.urn, this.serialNumber, args.serialNumber, hardwareIdentifier, productKey])
			.apply(([urn, serialNumber, declaredSerialNumber, hash, product]) => {
				const key = createMachineKey({ serialNumber, hardwareIdentifier: hash, productKey: product });
				// Of a resource that the run leaves out the engine tells what state has.
				const isCurrent = key !== undefined && serialNumber === declaredSerialNumber;
				reportDeclaration({
					urn,
					registry: AUTOPILOT_REGISTRY,
					listObjects: () => new Map(isCurrent ? [[key, serialNumber]] : []),
				});
			});
	}

	/**
	 * Looks up a machine that Pulumi does not manage, as a resource.
	 *
	 * @param id the machine's registration id
	 */
	static get(name: string, id: pulumi.Input<pulumi.ID>): AutopilotIdentity {
		return new AutopilotIdentity(name, undefined, { id });
	}

	/** Whether this is an AutopilotIdentity, of whichever copy of this package. */
	static override isInstance(value: unknown): value is AutopilotIdentity {
		return (
			pulumi.CustomResource.isInstance(value) && "serialNumber" in value && "addressableUserName" in value
		);
	}
}

/**
 * Every output is named, so that each exists whether it was declared or not. The hash is a secret from here on, and an
 * input only: no output holds it.
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
		onDrift: args?.onDrift,
	};
}
