"""Arrays to HiGHS: handed over at once by `passModel`; for HiGHS itself, and to write files that others read."""

import highspy

from benchmarks.arrays import Arrays


def hand_over(arrays: Arrays) -> highspy.Highs:
    """A program in HiGHS; without its offset.

    Raises:
        ValueError: HiGHS refused it.
    """
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = arrays.columns, arrays.rows
    model.col_cost_, model.col_lower_, model.col_upper_ = arrays.cost, arrays.lower, arrays.upper
    model.row_lower_, model.row_upper_ = arrays.row_lower, arrays.row_upper
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = arrays.matrix.indptr
    model.a_matrix_.index_ = arrays.matrix.indices
    model.a_matrix_.value_ = arrays.matrix.data
    if arrays.integer.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        model.integrality_ = [kinds[whole] for whole in arrays.integer.tolist()]
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", False)
    if highs.passModel(model) == highspy.HighsStatus.kError:
        raise ValueError("HiGHS refused the arrays")
    return highs
