/**
 * The keys that this package adds to what a user declares and a service returns, in one place so that no two are the same. Pulumi's
 * display hides names that begin with two underscores. State outlives releases, so a key keeps its name and its meaning.
 */

/**
 * Output: the paths that were declared at the last deployment, secrets with their fingerprints:
 * `status authentication.type authentication.symmetricKey.primaryKey=1f0c…`. Pulumi gives `diff`, `read` and `delete` the
 * outputs only, never the inputs.
 */
export const DECLARED_OUTPUT = "__declared";

/** Output of a member of a fleet, in memory only: whether the outputs contain only declared values. */
export const DECLARED_ONLY_OUTPUT = "__declaredOnly";

/** Output: fingerprints of identifying inputs that the service does not return: `hardwareIdentifier=1f0c…`. */
export const IDENTITY_OUTPUT = "__identity";

/**
 * Output: the fields that a refresh found changed, with the values of the last deployment, as JSON. A refresh writes live
 * values to state, so later plans have no other record that somebody else changed them.
 */
export const DRIFT_OUTPUT = "__drift";

/**
 * Output: a random id that distinguishes this record in the stack from any other record of the same object, a slash, and the hash
 * of the resource that created the record. State written before 0.2 has none.
 */
export const RECORD_OUTPUT = "__record";

/** Output of a device: the last completed key rotation: `2 secondary 5`. */
export const LAST_ROTATION_OUTPUT = "__rotation";

/**
 * Output of a device: fingerprints of both keys as the last rotation left them. They show whether an interrupted run exchanged the
 * keys before state was written.
 */
export const KEY_FINGERPRINTS_OUTPUT = "__keys";

/**
 * Output of a fleet: its members as they were deployed. Pulumi marks an output as a secret if the input of the same name is one.
 * This output has no such input, so the resource's class marks it.
 */
export const MEMBERS_OUTPUT = "__members";

/** Output of a fleet: the format of {@link MEMBERS_OUTPUT}. State of release 0.1.0 has none, and is plain JSON. */
export const FORMAT_OUTPUT = "__membersVersion";

/** Output of a fleet: its name in the program, for messages once the program no longer declares it. Earlier releases have none. */
export const NAME_OUTPUT = "__name";

/**
 * Input from the resource's class: the resource and its stack, `<organization>/<project>/<stack>/<Type>/<name>`. Below components,
 * the type is followed by `~` and a digest of the components' types, which a URN also contains. No program sets it, no comparison
 * uses it, and no output contains it.
 */
export const ORIGIN_INPUT = "__origin";

/** Input from the resource's class: whether its options make a replacement create first and delete afterwards. No program sets it. */
export const CREATES_FIRST_INPUT = "__createsFirst";

/**
 * Input from the resource's class: the hashes of the resources of this package that it depends on, separated by spaces. Only these
 * are certain to be registered before it. Absent if the dependencies are not known. No program sets it.
 */
export const AFTER_INPUT = "__after";

/**
 * Input from the resource's class: whether the program runs for a preview. `check` reads and removes it, so neither state nor any
 * other operation receives it. No program sets it.
 */
export const PREVIEW_INPUT = "__preview";

/**
 * Input from the resource's class, and output: the paths of the option `ignoreChanges`, as `text/propertyPaths.ts` encodes them. Pulumi
 * gives them to no operation of a dynamic resource. Absent without the option. No program sets it.
 */
export const IGNORED_INPUT = "__ignored";

/**
 * Input from the resource's class, and output: whether the program gives the resource a provider of its own, whose arguments are the
 * settings. Pulumi does not tell a provider how it was configured. Absent otherwise. No program sets it.
 */
export const EXPLICIT_PROVIDER_INPUT = "__explicitProvider";

/** Input from a fleet to a device: a rotation scheduled for a later wave. No program sets it. */
export const LATER_ROTATION_INPUT = "__laterRotation";

/** Input from a fleet to a device whose keys the fleet generates: which fleet it is. No program sets it. */
export const CREATOR_INPUT = "__maker";

/** The hidden inputs that no output contains. */
export const TRANSIENT_HIDDEN_INPUTS: readonly string[] = [
	ORIGIN_INPUT,
	CREATES_FIRST_INPUT,
	AFTER_INPUT,
	PREVIEW_INPUT,
];

/** The hidden inputs that are also outputs, for operations that receive only outputs. */
export const STORED_HIDDEN_INPUTS: readonly string[] = [IGNORED_INPUT, EXPLICIT_PROVIDER_INPUT];

/** The inputs that a resource's class adds to those of the program. */
export const HIDDEN_INPUTS: readonly string[] = [...TRANSIENT_HIDDEN_INPUTS, ...STORED_HIDDEN_INPUTS];

/**
 * The letters under which a fleet's state stores the values of a member. They are short because a fleet has many members. A fleet
 * type adds other letters for its own outputs (`stateFields`).
 */
export const MEMBER_KEYS = {
	/** The id that the service assigned; absent if it is the member's name. */
	id: "i",
	/** The member's {@link DECLARED_OUTPUT}. */
	declared: "d",
	/** The member's {@link IDENTITY_OUTPUT}. */
	identity: "h",
	/** The member's {@link DRIFT_OUTPUT}. */
	drift: "n",
	/** The declared values, without secrets. */
	values: "v",
	/** The name of the member's parent. */
	parent: "p",
} as const;
