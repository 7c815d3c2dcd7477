/** A property value in a state file. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** A resource in a state file (sdk/go/common/apitype/core.go, `ResourceV3`). */
export interface ResourceV3 {
	readonly urn: string;
	readonly custom: boolean;
	readonly delete?: boolean;
	readonly id?: string;
	readonly type: string;
	readonly inputs?: { readonly [name: string]: Json };
	readonly outputs?: { readonly [name: string]: Json };
	readonly parent?: string;
	readonly protect?: boolean;
	readonly taint?: boolean;
	readonly external?: boolean;
	readonly dependencies?: readonly string[];
	readonly initErrors?: readonly string[];
	readonly provider?: string;
	readonly propertyDependencies?: { readonly [name: string]: readonly string[] };
	readonly pendingReplacement?: boolean;
	readonly additionalSecretOutputs?: readonly string[];
	readonly aliases?: readonly string[];
	readonly customTimeouts?: { readonly [operation: string]: number };
	readonly importID?: string;
	readonly retainOnDelete?: boolean;
	readonly deletedWith?: string;
	readonly replaceWith?: readonly string[];
	readonly replacementTrigger?: Json;
	readonly created?: string;
	readonly modified?: string;
	readonly sourcePosition?: string;
	readonly stackTrace?: readonly { readonly sourcePosition?: string }[];
	readonly ignoreChanges?: readonly string[];
	readonly hideDiff?: readonly (readonly (string | number)[])[];
	readonly replaceOnChanges?: readonly string[];
}

/** An operation that was in progress when the state file was last written. */
export interface PendingOperation {
	readonly resource: ResourceV3;
	readonly type: "creating" | "updating" | "deleting" | "reading" | "importing";
}

/** A stack's state, in the format that `pulumi stack export` writes and `pulumi stack import` reads. */
export interface Deployment {
	readonly version: number;
	readonly deployment: {
		readonly manifest: { readonly time: string; readonly magic: string; readonly version: string };
		readonly secrets_providers?: { readonly type: string; readonly state?: { readonly salt: string } };
		readonly resources?: readonly ResourceV3[];
		readonly pending_operations?: readonly PendingOperation[];
		readonly metadata?: object;
	};
}
