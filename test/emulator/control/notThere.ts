/** Something that was to be changed does not exist. */
export class NotThere extends TypeError {
	/** Names the thing: "There is no machine a". */
	constructor(kind: string, id: string) {
		super(`There is no ${kind} ${id}`);
	}
}
