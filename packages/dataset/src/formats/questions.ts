/** What the exported conversations ask; on the way back the answers are known by them. */
export const WHO = "Who of the cast is in this picture?";
export const DESCRIBE = "Describe this picture in one sentence.";
/** The answer where nobody of the cast is in the picture. */
export const NOBODY = "Nobody of the cast.";
