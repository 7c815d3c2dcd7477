import type { CustomResourceOptions } from "@pulumi/pulumi";

/**
 * The options with `deleteBeforeReplace`, unless the program says otherwise: a service has one object of an id, so a
 * replacement that Pulumi itself demands (`pulumi up --replace`, `pulumi state taint`, `replacementTrigger`) would find the old
 * one in its way. What the provider's `diff` says of this counts only for the replacements that `diff` asks for.
 */
export function preferDeleteBeforeReplace(opts: CustomResourceOptions): CustomResourceOptions {
	return { ...opts, deleteBeforeReplace: opts.deleteBeforeReplace ?? true };
}
